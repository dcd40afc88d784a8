import { randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { appendFile, chmod, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { analyze, type Change } from '@stagecraft/dockerfile'
import { bakeImages, copyTree, readProgress, type StepRun } from '@stagecraft/engine'
import { hold, unseen, wrong } from '@stagecraft/engine/held'
import { hollow, withInstruction } from '@stagecraft/test-predictions/context'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/**
 * Predictions for the Dockerfiles of the apps of the workspace, held against builds in a copy of this repository, every
 * image at once. Commands whose results no other prediction depends on are hollow: they would install everything again.
 * A changed source line, with every command as it is, is in rebuild.test.ts.
 */

const root = join(import.meta.dirname, '../..')

const images = (await bakeImages(root)).filter(({ context }) => context === '.')
const dockerfiles = [...new Set(images.map(({ dockerfile }) => dockerfile))]
const folders = [...new Set(dockerfiles.map((dockerfile) => dirname(dockerfile)))]
const sources = folders.flatMap((folder) => globSync(`${folder}/src/main.{ts,tsx}`, { cwd: root }))
const isSingle = (dockerfile: string) => dockerfile.endsWith('.single')
const nonce = randomUUID().slice(0, 8)
let copy: string
let dockerignore: string

async function build(...sets: string[]): Promise<StepRun[]> {
  const flags = [
    '--progress=rawjson',
    '--provenance=false',
    '--set=*.output=type=cacheonly',
    ...sets.map((each) => `--set=${each}`),
  ]
  const targets = images.map(({ target }) => target)
  const { stderr } = await execa('docker', ['buildx', 'bake', ...flags, ...targets], {
    cwd: copy,
    env: { BUILDX_BUILDER: 'default' },
  })
  return readProgress(stderr)
}

const read = (path: string) => readFile(join(copy, path), 'utf8')

const edit = async (path: string, change: (text: string) => string): Promise<Change> => {
  await writeFile(join(copy, path), change(await read(path)))
  return { path }
}

/** What changed for every Dockerfile, and for one. */
interface Changed {
  all?: readonly Change[]
  by?: Readonly<Record<string, Change>>
  sets?: readonly string[]
}

interface Scenario {
  name: string
  /** Makes the change in the copy. */
  make: () => Promise<Changed>
  /** Steps of the multi-stage Dockerfiles that must come from the cache. */
  idle: RegExp
}

const tools = /npm install (--global|-g)/
const install = /npm install (--global|-g)|pnpm deploy|pnpm install (?!--lockfile-only)/
const everything = /./

// Each begins where the one before has ended: what was built last is what is in the cache.
const scenarios: Scenario[] = [
  {
    name: 'only scripts in package.json',
    idle: tools,
    make: async () => ({
      all: await Promise.all(
        folders.map((folder) =>
          edit(`${folder}/package.json`, (text) =>
            text.replace('"scripts": {', `"scripts": {\n    "${nonce}": "true",`),
          ),
        ),
      ),
    }),
  },
  {
    name: 'a dependency',
    idle: tools,
    make: async () => {
      const manifests = await Promise.all(
        folders.map((folder) =>
          edit(`${folder}/package.json`, (text) =>
            text.replace('"dependencies": {', '"dependencies": {\n    "markdown-table": "catalog:",'),
          ),
        ),
      )
      const catalog = await readFile(join(root, 'pnpm-workspace.yaml'), 'utf8')
      const [, version] = /^ {2}markdown-table: (.+)$/m.exec(catalog) ?? []
      const entry = `      markdown-table:\n        specifier: 'catalog:'\n        version: ${version}\n`
      const lockfile = await edit('pnpm-lock.yaml', (text) =>
        folders.reduce(
          (done, folder) => done.replace(`\n  ${folder}:\n    dependencies:\n`, (found) => found + entry),
          text,
        ),
      )
      return { all: [...manifests, lockfile] }
    },
  },
  {
    name: 'only the lockfile, and nothing for these apps',
    idle: install,
    make: async () => ({ all: [await edit('pnpm-lock.yaml', (text) => `# ${nonce}\n${text}`)] }),
  },
  {
    name: 'only the mode of a source file',
    idle: install,
    make: async () => {
      for (const path of sources) await chmod(join(copy, path), 0o751)
      return { all: sources.map((path) => ({ path, what: 'mode' })) }
    },
  },
  {
    name: 'only the times of files',
    idle: everything,
    make: async () => {
      const paths = ['package.json', 'pnpm-lock.yaml', ...sources]
      for (const path of paths) await utimes(join(copy, path), 1, 1)
      return { all: paths.map((path) => ({ path, what: 'time' })) }
    },
  },
  {
    name: 'a README, and what else .dockerignore leaves out',
    idle: everything,
    make: async () => {
      const paths = ['README.md', 'docs/set-up.md', 'biome.json', 'apps/express-api/src/main.test.ts']
      for (const path of paths) await appendFile(join(copy, path), `\n${nonce}\n`)
      return { all: paths.map((path) => ({ path })) }
    },
  },
  {
    name: 'a build argument',
    idle: /install (--global|-g) .*pnpm|pnpm deploy|pnpm install (?!--lockfile-only)/,
    make: async () => {
      // Another range, which the same version is in.
      const changes = dockerfiles.map((dockerfile) => {
        const arg = isSingle(dockerfile) ? 'PNPM_VERSION' : 'TURBO_VERSION'
        return [dockerfile, { arg, value: `~2.11.11-x${nonce}` }] as const
      })
      const sets = images.map(({ target, dockerfile }) => {
        const [, { arg, value }] = changes.find(([each]) => each === dockerfile) as (typeof changes)[number]
        return `${target}.args.${arg}=${value}`
      })
      return { by: Object.fromEntries(changes), sets }
    },
  },
  {
    name: "an instruction's text",
    idle: install,
    make: async () => {
      const changes = await Promise.all(
        dockerfiles.map(async (dockerfile) => {
          const { instructions } = analyze(await read(dockerfile))
          const command = isSingle(dockerfile) ? 'RUN mkdir' : 'RUN turbo'
          const { line, text } = instructions.findLast(({ text }) => text.startsWith(command)) ?? {}
          const change = { instruction: line ?? 0, text: `${text} # ${nonce}` }
          return [dockerfile, change] as const
        }),
      )
      return { by: Object.fromEntries(changes) }
    },
  },
]

describe('after a change, BuildKit does what was predicted for the Dockerfiles of the apps', () => {
  beforeAll(async () => {
    copy = await copyTree(root)
    dockerignore = await readFile(join(root, '.dockerignore'), 'utf8')
    for (const dockerfile of dockerfiles) {
      // What turbo prunes decides what is copied from there.
      const spared = isSingle(dockerfile) ? undefined : /npm install (--global|-g)|turbo prune/
      await edit(dockerfile, (text) => hollow(text, nonce, spared))
    }
    // What other runs of these tests have left in the cache must not look like this one.
    for (const path of sources) await appendFile(join(copy, path), `// ${nonce}\n`)
    await build()
  })

  afterAll(async () => {
    if (copy) await rm(copy, { recursive: true, force: true })
  })

  it.each(scenarios)('$name', async ({ make, idle }) => {
    const { all = [], by = {}, sets = [] } = await make()
    const before = new Map(
      await Promise.all(dockerfiles.map(async (each) => [each, await read(each)] as const)),
    )
    for (const [dockerfile, change] of Object.entries(by))
      if ('instruction' in change) await edit(dockerfile, (text) => withInstruction(text, change))
    const runs = await build(...sets)
    const seen = JSON.stringify(runs, null, 1)

    for (const { target, dockerfile, stage } of images) {
      const own = by[dockerfile]
      const prediction = analyze(before.get(dockerfile) as string, {
        ...(stage && { target: stage }),
        dockerignore,
        changed: own ? [...all, own] : all,
      })
      const held = hold(prediction, runs, target)
      expect({ target, wrong: wrong(held) }, seen).toEqual({ target, wrong: [] })
      expect({ target, unseen: unseen(held) }, seen).toEqual({ target, unseen: [] })
    }
    const multiStage = images.filter(({ dockerfile }) => !isSingle(dockerfile)).map(({ target }) => target)
    const busy = runs.filter(
      ({ of, ran, name }) =>
        ran && multiStage.includes(of[0] ?? '') && !name.startsWith('FROM') && idle.test(name),
    )
    expect(busy.map(({ of, name }) => `${of} ${name}`)).toEqual([])
  })
})
