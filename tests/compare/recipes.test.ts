import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Other, type Report, reportProblems } from '@stagecraft/report'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Dockerfiles and bake files of other projects. */

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'packages/compare/src/cli.ts')
const compare = (...args: string[]) => execa('node', [cli, ...args], { cwd: root, reject: false })

const dockerfile = `FROM node:26-trixie-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build
FROM build AS last
EXPOSE 3000
USER 1000:1000
CMD node dist/main.js
`
const bakeFile = `
variable "FROM" { default = "node:26-trixie-slim" }
group "default" { targets = ["good", "broken"] }
target "good" {
  args   = { FROM = FROM }
  tags   = ["example.com/mine:1", "example.com/mine:2"]
  output = ["type=registry"]
  dockerfile-inline = "ARG FROM\\nFROM $FROM\\nEXPOSE 80\\nCMD [\\"true\\"]\\n"
}
target "broken" {
  dockerfile-inline = "FROM node:26-trixie-slim\\nRUN echo no such thing >&2; exit 3\\n"
}
`
let mine: string
beforeAll(async () => {
  mine = await mkdtemp(join(tmpdir(), 'stagecraft-mine-'))
  const app = join(root, 'apps/node-hello')
  for (const name of ['src', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])
    await cp(join(app, name), join(mine, name), { recursive: true })
  await writeFile(join(mine, 'Dockerfile'), dockerfile)
  await writeFile(join(mine, 'docker-bake.hcl'), bakeFile)
})
afterAll(() => rm(mine, { recursive: true, force: true }))

async function tags(): Promise<string[]> {
  const { stdout } = await execa('docker', ['images', '--format={{.Repository}}:{{.Tag}}'])
  return stdout.split('\n').filter((name) => /stagecraft-compare-|example\.com\/mine/.test(name))
}

describe('a Dockerfile', () => {
  let other: Other
  beforeAll(async () => {
    const { stdout, stderr } = await compare('--file', mine, '--runs', '1', '--json')
    const report: Report = JSON.parse(stdout || '{}')
    expect(reportProblems(report), stderr).toEqual([])
    other = report.others?.[0] as Other
  })

  it('is built and run, and its image is let go', async () => {
    expect(other).toMatchObject({
      image: mine,
      config: { user: '1000:1000' },
      like: { from: 'node-hello:prod', to: mine },
    })
    expect(other.run?.startToReadyMs.runs).toBe(1)
    expect(await tags()).toEqual([])
  })

  it('breaks the promises that it breaks', () => {
    const broken = other.contract?.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
    expect(broken).toEqual(expect.arrayContaining(['health', 'stops']))
  })

  it("is told what BuildKit's checks say, and which steps a changed line runs again", () => {
    expect(other.dockerfile?.checks.map(({ rule, line }) => ({ rule, line }))).toEqual([
      { rule: 'JSONArgsRecommended', line: 8 },
    ])
    expect(other.dockerfile?.after).toMatchObject({
      changed: 'src/main.ts',
      rerun: [{ line: 3 }, { line: 4, instruction: 'RUN npm ci && npm run build' }],
      cached: 1,
    })
  })
})

describe('a bake file', () => {
  it('has every target of its default group built; one that fails costs itself alone', async () => {
    const { exitCode, stdout, stderr } = await compare('--bake', join(mine, 'docker-bake.hcl'), '--runs', '1')
    expect(exitCode, stderr).toBe(1)
    expect(stdout).toMatch(/docker-bake\.hcl \(good\)\n[\s\S]*exited with code 0 before/)
    expect(stderr).toMatch(/docker-bake\.hcl \(broken\) failed: [\s\S]*no such thing[\s\S]*exit code: 3/)
    expect(await tags()).toEqual([])
  })
})

it.each([
  [['--file', '/nowhere/Dockerfile'], /There is no file \/nowhere\/Dockerfile/],
  [['--bake', '/nowhere/bake.hcl'], /There is no file \/nowhere\/bake\.hcl/],
  [['--file', 'apps/node-hello', '--context', '/nowhere'], /There is no folder \/nowhere/],
  [['--target', 'prod'], /--context and --target are of a Dockerfile\.\nName it: --file/],
  [['--bake', 'package.json'], /package\.json: .+\nLearn what it builds/],
])('%j is refused, with the next act', async (args, message) => {
  const { exitCode, stderr } = await compare(...args)
  expect(stderr).toMatch(message)
  expect(exitCode).toBe(2)
})
