import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bake, bakeImages } from '@stagecraft/engine'
import { afterEach, beforeEach, expect, it } from 'vitest'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'engine-'))
})
afterEach(() => rm(root, { recursive: true }))

const write = (target: object) => {
  const targets = Object.keys(target).filter((name) => name !== 'other')
  return writeFile(join(root, 'docker-bake.json'), JSON.stringify({ group: { all: { targets } }, target }))
}

it('names the images of the bake file', async () => {
  await write({
    one: { tags: ['stagecraft/app:prod'] },
    two: {
      tags: ['stagecraft/own:dev'],
      context: 'apps/own',
      dockerfile: 'Other',
      target: 'dev',
      args: { LINE: '1' },
    },
    other: {},
  })
  expect(await bakeImages(root)).toEqual([
    {
      app: 'app',
      variant: 'prod',
      image: 'stagecraft/app:prod',
      target: 'one',
      context: '.',
      dockerfile: 'Dockerfile',
      args: {},
    },
    {
      app: 'own',
      variant: 'dev',
      image: 'stagecraft/own:dev',
      target: 'two',
      context: 'apps/own',
      dockerfile: 'apps/own/Other',
      args: { LINE: '1' },
      stage: 'dev',
    },
  ])
})

it.each([
  [{}, 'The bake target one is tagged nothing.'],
  [{ tags: ['stagecraft/app:lambda'] }, 'The bake target one is tagged stagecraft/app:lambda.'],
  [
    { tags: ['stagecraft/app:prod', 'stagecraft/app:dev'] },
    'is tagged stagecraft/app:prod, stagecraft/app:dev.',
  ],
])('refuses a target that is tagged as in %j', async (target, message) => {
  await write({ one: target })
  await expect(bakeImages(root)).rejects.toThrow(message)
})

it('says what a failed build printed, and keeps all of it', async () => {
  await write({ one: { 'dockerfile-inline': 'FROM scratch\nCOPY nothing /\n' } })
  await expect(bake(root, ['one'])).rejects.toThrow(
    /^`docker buildx bake one` failed:\n[\s\S]*"\/nothing": not found/,
  )
  expect(await readFile(join(root, '.cache/logs/bake.log'), 'utf8')).toContain('COPY nothing /')
})
