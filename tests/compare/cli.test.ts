import { join } from 'node:path'
import { selectImages } from '@stagecraft/compare/select-images'
import { ownerLabel, readLocalImage } from '@stagecraft/engine'
import { contents } from '@stagecraft/image'
import { type ImageReport, type Report, reportProblems } from '@stagecraft/report'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'packages/compare/src/cli.ts')

const compare = (...args: string[]) => execa('node', [cli, ...args], { cwd: root, reject: false })

async function containers(): Promise<string[]> {
  const { stdout } = await execa('docker', [
    'ps',
    '--all',
    '--quiet',
    '--filter',
    `label=${ownerLabel}`,
    '--filter',
    'ancestor=stagecraft/express-api:prod',
  ])
  return stdout.split('\n').filter(Boolean)
}

describe('pnpm compare', () => {
  let result: Awaited<ReturnType<typeof compare>>
  let report: Report
  const image = (variant: string): ImageReport => {
    const found = report.images.find((one) => one.variant === variant)
    if (!found) throw new Error(`no ${variant} in the report`)
    return found
  }

  beforeAll(async () => {
    result = await compare('express-api-distroless', 'express-api-prod', '--json', '--runs', '1')
    report = JSON.parse(result.stdout || '{}')
  })

  it('prints a report that keeps its schema, and nothing else, on stdout', () => {
    expect(result.exitCode, result.stderr).toBe(0)
    expect(reportProblems(report)).toEqual([])
  })

  it('covers what it is asked for, in the order from single to distroless', () => {
    expect(report.images.map(({ image }) => image)).toEqual([
      'stagecraft/express-api:prod',
      'stagecraft/express-api:distroless',
    ])
  })

  it('covers every image of the bake file when it is asked for nothing', async () => {
    const { stdout } = await execa('docker', ['buildx', 'bake', '--print', 'all'], { cwd: root })
    const tags = Object.values(JSON.parse(stdout).target as Record<string, { tags: string[] }>).flatMap(
      ({ tags }) => tags,
    )
    const all = (await selectImages(root, ['all'])).map(({ image }) => image)
    expect(all.toSorted()).toEqual(tags.toSorted())
  })

  it('says of an image what is read from it', async () => {
    for (const variant of ['prod', 'distroless']) {
      const facts = await readLocalImage(image(variant).image)
      const { compressedBytes, unpackedBytes } = facts
      expect(image(variant).size).toEqual({ compressedBytes, unpackedBytes })
      expect(contents(facts)).toMatchObject(image(variant).contents)
    }
  })

  it('finds no compiler in prod, no shell in distroless, and the packages that the app needs', () => {
    expect(image('prod').contents.compilers).toEqual([])
    expect(image('distroless').contents.shells).toEqual([])
    expect(image('prod').contents.npmPackages.map(({ name }) => name)).toContain('express')
  })

  it('leaves no container behind', async () => {
    expect(await containers()).toEqual([])
  })
})

describe('pnpm compare, asked for what cannot be', () => {
  it('names the targets there are for one that is unknown, and exits 2', async () => {
    const { exitCode, stdout, stderr } = await compare('express-api-prd')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('The bake file has no target "express-api-prd".\nThere are all, express-api-')
  })

  it('says that no engine answers, and the next act', async () => {
    const { exitCode, stderr } = await execa('node', [cli], {
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
      reject: false,
    })
    expect(exitCode).toBe(1)
    expect(stderr.trim()).toBe('No Docker Engine answers.\nSet one up, or learn what is wrong: npm run setup')
  })

  it('exits 2 with a hint for a wrong option', async () => {
    const { exitCode, stderr } = await compare('--runs', '0')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('It is a whole number from 1 to 1000.')
    expect(stderr).toContain('Try: pnpm compare --help')
  })

  it('says how to get an image that is missing', async () => {
    const [image, kept] = ['stagecraft/express-api:dev', 'stagecraft-test/kept:dev']
    await execa('docker', ['tag', image, kept])
    await execa('docker', ['image', 'rm', image])
    const { exitCode, stderr } = await compare('express-api-dev', '--no-build')
    await execa('docker', ['tag', kept, image])
    await execa('docker', ['image', 'rm', kept])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`There is no image ${image}. Leave out --no-build to have it built.`)
  })

  it('leaves no container behind when it is interrupted', async () => {
    const run = compare('express-api-prod', '--no-build', '--runs', '1000')
    await expect.poll(containers, { interval: 20 }).not.toEqual([])
    run.kill('SIGINT')
    const { exitCode, stderr } = await run
    expect(exitCode).toBe(130)
    expect(stderr).toContain('Interrupted')
    expect(await containers()).toEqual([])
  })
})
