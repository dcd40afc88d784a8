import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '@stagecraft/scripts/process'
import { describe, expect, it } from 'vitest'
import { arrive } from './learner.ts'

/** What a learner's file may hold, and what is said of it. */
/** Another server than Flask, that passes what is asked before it is started. */
const withFlask = `FROM node:26-trixie-slim
WORKDIR /app
RUN mkdir -p /usr/lib/flask-3.1.3.dist-info && touch /usr/lib/flask-3.1.3.dist-info/METADATA
EXPOSE 5000
`

const inputs: { what: string; text: string | Buffer; says: RegExp }[] = [
  {
    what: 'does not parse',
    text: 'FROM node:26-trixie-slim\nCOPI . .\n',
    says: /Line 2 cannot be read: .*COPI/s,
  },
  { what: 'is empty', text: '', says: /is empty/ },
  { what: 'is of another encoding', text: Buffer.from('FROM x\n', 'utf16le'), says: /not UTF-8/ },
  {
    what: 'does not build',
    text: 'FROM node:26-trixie-slim\nRUN echo so it ends && exit 3\n',
    says: /The build stops at line 2.*so it ends/s,
  },
  {
    what: 'names a base that is not there',
    text: 'FROM no.such.registry/thing:1\n',
    says: /no.such.registry\/thing:1 is not on this\s+machine/,
  },
  {
    what: 'listens on loopback only',
    text: `${withFlask}CMD ["node", "-e", "require('http').createServer((q, s) => s.end()).listen(5000, '127.0.0.1')"]\n`,
    says: /of 127\.0\.0\.1/,
  },
  {
    what: 'listens on the wrong port',
    text: `${withFlask}CMD ["node", "-e", "require('http').createServer((q, s) => s.end()).listen(7000)"]\n`,
    says: /listens on port 7000, and is asked on port 5000/,
  },
  {
    what: 'asks for a frontend that is not there',
    text: '# syntax=no.such.registry/docker/dockerfile:1\nFROM python:3.13-slim-trixie\nCOPY app.py /\n',
    says: /leave\s+the\s+line out/,
  },
  {
    what: 'writes without end',
    text: 'FROM node:26-trixie-slim\nRUN dd if=/dev/zero of=/big bs=1M count=9000\n',
    says: /The build (stops at line 2|was ended)/,
  },
  {
    what: 'prints without end',
    text: 'FROM node:26-trixie-slim\nRUN yes stagecraft | head -c 300000000; exit 4\n',
    says: /The build stops at line 2/,
  },
]

describe('a Dockerfile that', () => {
  it.each(inputs)('$what gets a diagnosis', async ({ text, says }) => {
    await using learner = await arrive()
    await learner.type('start first-image')
    const file = join(learner.folder('first-image'), 'Dockerfile')
    await writeFile(file, text)
    const { said, code } = await learner.type('check')
    expect(said).toMatch(says)
    expect(said).not.toMatch(/^\s+at .*\.ts:\d+/m)
    expect(code).toBe(1)
    expect(await readFile(file)).toEqual(Buffer.from(text))
  })

  it('builds for ever is ended', async () => {
    await using learner = await arrive('home', { WORKSHOP_BUILD_SECONDS: '5' })
    await learner.type('start first-image')
    const endless = 'FROM python:3.13-slim-trixie\nRUN sleep 3600\n'
    await writeFile(join(learner.folder('first-image'), 'Dockerfile'), endless)
    const { said, code } = await learner.type('check')
    expect(said).toContain('The build was ended after')
    expect(code).toBe(1)
  })

  it('has Windows line ends and a byte-order mark is read as any other', async () => {
    await using learner = await arrive()
    await learner.type('start first-image')
    const text = await readFile(join(root, 'workshop/first-image/solution/Dockerfile'), 'utf8')
    await writeFile(
      join(learner.folder('first-image'), 'Dockerfile'),
      `\uFEFF${text.replaceAll('\n', '\r\n')}`,
    )
    expect(await learner.type('check')).toMatchObject({ code: 0 })
  })

  it('is deleted gets a diagnosis, and so does a script with Windows line ends', async () => {
    await using learner = await arrive()
    await learner.type('start entrypoint')
    const folder = learner.folder('entrypoint')
    await writeFile(join(folder, 'start.sh'), '#!/bin/sh\r\nexec node server.js\r\n')
    expect((await learner.type('check')).said).toContain('Windows line ends')
    await rm(join(folder, 'Dockerfile'))
    expect((await learner.type('check')).said).toContain('is not there')
    await rm(folder, { recursive: true })
    expect(await learner.type('check')).toEqual({
      said: expect.stringContaining('pnpm workshop start'),
      code: 1,
    })
  })
})

it('a folder with spaces and accents is one like others', async () => {
  await using learner = await arrive('Año nuevo, café')
  await learner.type('start secrets')
  await cp(join(root, 'workshop/secrets/solution'), learner.folder('secrets'), { recursive: true })
  expect(await learner.type('check')).toMatchObject({ code: 0 })
})

it('two checks at once say the same', async () => {
  await using learner = await arrive()
  await learner.type('start secrets')
  const both = await Promise.all([learner.type('check --json'), learner.type('check --json')])
  expect(both.map(({ said }) => JSON.parse(said).diagnosis.id)).toEqual(['argument', 'argument'])
})

it('where no engine answers, it says so, and what can be said without one is said', async () => {
  await using learner = await arrive('home', { DOCKER_HOST: 'unix:///nowhere/docker.sock' })
  await learner.type('start first-image')
  const { said, code } = await learner.type('check')
  expect(said).toBe('No Docker Engine answers.\nStart it (npm run setup sees to one), then check again.')
  expect(code).toBe(1)
  await writeFile(join(learner.folder('first-image'), 'Dockerfile'), 'FORM x\n')
  expect((await learner.type('check')).said).toContain('no FROM')
})

it('an exercise that was renewed meanwhile says so, and keeps how far one is', async () => {
  await using learner = await arrive()
  await learner.type('start context')
  const file = join(learner.home, '.local/state/stagecraft/workshop/context.json')
  const progress = JSON.parse(await readFile(file, 'utf8'))
  await mkdir(join(learner.home, '.local/state/stagecraft/workshop'), { recursive: true })
  await writeFile(file, JSON.stringify({ ...progress, version: 0, hints: 2 }))
  expect((await learner.type('check')).said).toContain('has been renewed (0 is now 1)')
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ hints: 2, failed: 1 })
})

it('what there is not is said, with what there is', async () => {
  await using learner = await arrive()
  expect(await learner.type('start nothing')).toEqual({
    said: expect.stringMatching(/There is no exercise "nothing"\.\nThere are: .*first-image/s),
    code: 2,
  })
  expect(await learner.type('check')).toEqual({
    said: 'No exercise has been started.\nStart one: pnpm workshop start first-image',
    code: 1,
  })
  expect(await learner.type('check --lang fr')).toMatchObject({ code: 1 })
  expect((await learner.type('schedule nothing')).code).toBe(2)
})
