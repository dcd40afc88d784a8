import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { findBrowser } from '../tests/stack/find-browser.ts'
import { ensureBrowser } from './browser.ts'
import { ensureEngine } from './engine.ts'
import { attempt, main, root, run, SetupError, say } from './process.ts'
import { installPackages } from './setup.ts'
import { bases } from './stand-ins/bases.ts'
import { ensureBases } from './stand-ins/ensure.ts'

type Tally = { passed: number; failed: number; skipped: number }

/** A task of turbo: a script of one package. */
type Task = { package: string; name: string; remembered: boolean }

/** Scripts of packages that are tests, in the order in which they run. turbo.json says what each depends on. */
const tiers = {
  unit: { what: 'all that needs no engine', engine: false, slow: false },
  test: { what: 'apps in other languages: lint and tests, in their dev images', engine: true, slow: false },
  contract: { what: 'every image booted, and held to the contract', engine: true, slow: false },
  suite: { what: 'the stack in a browser, the bake file, pnpm compare', engine: true, slow: false },
  proof: { what: 'what takes long: predictions, broken images, rebuilds, faults', engine: true, slow: true },
} as const
type Tier = keyof typeof tiers
const tierNames = Object.keys(tiers) as Tier[]

/** Commands that are one test each, and run every time: they take seconds. */
const checks: Record<string, { what: string; commands: string[][] }> = {
  types: {
    what: 'TypeScript, and what is compiled',
    commands: [
      ['turbo', 'run', 'typecheck', 'build', '--env-mode=loose', '--output-logs=errors-only'],
      ['tsc'],
    ],
  },
  lint: {
    what: 'format, lint, imports; dead files and exports',
    commands: [
      ['biome', 'ci', '.'],
      // Not among the root's dependencies, which are in every image that keeps its build tools.
      ['--dir=scripts', 'exec', 'knip', '--no-config-hints', '--directory=..'],
    ],
  },
}

const usage = `Usage: npm test [what...] [-- options]

Sets up what is missing and tests what a change concerns: what has passed is run
again when something changes that it depends on (files, packages, the engine,
the base images, Node). Without a Docker Engine, tests what needs none.

What there is (all but proof, if none is named):
${Object.entries(checks)
  .map(([name, { what }]) => `  ${name.padEnd(12)}${what}`)
  .join('\n')}
${tierNames.map((name) => `  ${name.padEnd(12)}${tiers[name].what}`).join('\n')}
  ${'<package>'.padEnd(12)}all of an app, a package or a folder of tests/

Options:
  --all             also what takes long, as CI does
  --force           also what has passed already
  --require-engine  fail without a Docker Engine, as is done where CI is set
  --stand-ins       build base images that a registry does not give

Examples:
  npm test                        what the change concerns
  npm test -- --all               everything
  npm test go-hello               one app: its own tests, its images
  npm test stack -- --force       one suite, whatever has changed

Exit codes: 0 passed; 1 something failed, or nothing was tested; 2 wrong usage;
130 interrupted.`

const optionTypes = {
  all: { type: 'boolean' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'require-engine': { type: 'boolean' },
  'stand-ins': { type: 'boolean' },
} as const

type Asked = {
  words: string[]
  all: boolean
  force: boolean
  requireEngine: boolean
  standIns: boolean
}

/** What decides, besides the files of the repository, how tests end. */
async function describeMachine(hasEngine: boolean): Promise<NodeJS.ProcessEnv> {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}`)
  const node = hash.copy().digest('hex').slice(0, 16)
  if (!hasEngine) return { TEST_NODE: node }
  const fields = ['ID', 'ServerVersion', 'KernelVersion', 'Driver', 'CgroupVersion', 'Architecture']
  const format = fields.map((field) => `{{.${field}}}`).join(' ')
  const names = bases.map(({ name }) => name)
  const next = 'See whether the engine is there: npm run setup'
  hash.update(await run('docker', ['info', '--format', format], next))
  hash.update(await run('docker', ['image', 'inspect', '--format', '{{.Id}}', ...names], next))
  const { stdout: browser } = await attempt(findBrowser() ?? 'chromium', ['--version'])
  return { TEST_NODE: node, TEST_MACHINE: hash.digest('hex').slice(0, 16), TEST_BROWSER: browser.trim() }
}

const turbo = ['turbo', 'run', ...tierNames, '--env-mode=loose']

/** The tests of these packages, all if none is named, and whether turbo remembers that they passed. */
async function listTasks(packages: readonly string[], env: NodeJS.ProcessEnv): Promise<Task[]> {
  const filters = packages.map((name) => `--filter=./{apps,packages,tests}/${name}`)
  const text = await run(
    'pnpm',
    [...turbo, ...filters, '--dry=json'],
    'Mend turbo.json, then run this again.',
    {
      env,
    },
  )
  const { tasks } = JSON.parse(text) as {
    tasks: { package: string; task: string; command: string; directory: string; cache: { status: string } }[]
  }
  return tasks
    .filter(({ command, task }) => command !== '<NONEXISTENT>' && task in tiers)
    .map(({ directory, task, cache }) => ({
      package: directory,
      name: task,
      remembered: cache.status === 'HIT',
    }))
}

/** Counts what a task left: the results that vitest wrote, else the task is one test. */
async function count({ package: folder, name }: Task, exitCode: number): Promise<Tally> {
  const results = join(root, folder, '.turbo', `${name}.json`)
  const tally = { passed: 0, failed: 0, skipped: 0 }
  if (existsSync(results)) {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(await readFile(results, 'utf8'))
    Object.assign(tally, { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests })
  } else if (exitCode === 0) tally.passed = 1
  // A suite that breaks outside its tests, or a worker that dies, shows in the exit code alone.
  if (exitCode !== 0 && tally.failed === 0) tally.failed = 1
  return tally
}

/** Runs the tasks of one tier, those of one engine one after the other, and counts them. */
async function runTier(tier: Tier, tasks: readonly Task[], force: boolean, env: NodeJS.ProcessEnv) {
  const own = tasks.filter(({ name }) => name === tier)
  if (own.length === 0) return []
  const pending = own.filter(({ remembered }) => force || !remembered)
  if (pending.length > 0) say(tier, tiers[tier].what)
  for (const { package: folder, name } of pending)
    await rm(join(root, folder, '.turbo', `${name}.json`), { force: true })
  const summaries = join(root, '.turbo/runs')
  await rm(summaries, { recursive: true, force: true })
  const filters = own.map(({ package: folder }) => `--filter=./${folder}`)
  const how = ['--continue', '--output-logs=new-only', '--log-prefix=none', '--summarize', '--only']
  await attempt(
    'pnpm',
    [
      'turbo',
      'run',
      tier,
      ...filters,
      '--env-mode=loose',
      ...how,
      '--concurrency=1',
      ...(force ? ['--force'] : []),
    ],
    { inherit: true, env },
  )
  const [summary] = await readdir(summaries).catch(() => [])
  const { tasks: done = [] } = summary ? JSON.parse(await readFile(join(summaries, summary), 'utf8')) : {}
  return Promise.all(
    own.map((task) => {
      const ended = done.find(({ directory }: { directory: string }) => directory === task.package)
      return count(task, ended?.execution?.exitCode ?? 1)
    }),
  )
}

async function test({ words, all, force, requireEngine, standIns }: Asked): Promise<void> {
  await installPackages()
  const engine = await ensureEngine().then(
    () => undefined,
    (error) => {
      if (error instanceof SetupError && !requireEngine) return error
      throw error
    },
  )
  if (!engine) await ensureBases([], { standIns }).done
  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  const add = (tally: Partial<Tally>) => {
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += tally[key] ?? 0
  }
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...(await describeMachine(!engine)) }

  const packages = words.filter((word) => !(word in checks) && !(word in tiers))
  const wanted = (name: string) => words.length === 0 || words.includes(name)
  const tasks = (await listTasks(packages, env)).filter(({ name }) => {
    if (packages.length > 0) return true
    return words.includes(name) || (words.length === 0 && (all || !tiers[name as Tier].slow))
  })
  for (const [name, { what, commands }] of Object.entries(checks)) {
    if (!wanted(name)) continue
    say(name, what)
    for (const command of commands) {
      const { code } = await attempt('pnpm', command, { inherit: true, env })
      add(code === 0 ? { passed: 1 } : { failed: 1 })
    }
  }
  if (!engine && tasks.some(({ package: folder }) => folder === 'tests/stack')) await ensureBrowser()
  const left = tasks.filter(({ name }) => engine && tiers[name as Tier].engine)
  for (const tier of tierNames) {
    if (engine && tiers[tier].engine) continue
    for (const tally of await runTier(tier, tasks, force, env)) add(tally)
  }
  const remembered = tasks.filter((task) => task.remembered && !force && !left.includes(task))
  if (remembered.length > 0) {
    console.log(
      `${remembered.length} of ${tasks.length} suites were not run again: nothing has changed that they depend on.`,
    )
    console.log('Run them all the same: npm test -- --force')
  }
  if (engine && left.length > 0) {
    add({ skipped: left.length })
    const names = [...new Set(left.map(({ package: folder, name }) => `${basename(folder)} ${name}`))]
    console.log(`Skipped ${left.length} suites that need a Docker Engine: ${names.join(', ')}.`)
    console.log(`${engine.message}\n${engine.next}`)
  }
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
}

/** @returns undefined when there is nothing to test: help was asked for, or the words are wrong */
async function readArguments(): Promise<Asked | undefined> {
  try {
    const { values, positionals } = parseArgs({ options: optionTypes, allowPositionals: true })
    const folders = await Promise.all(['apps', 'packages', 'tests'].map((name) => readdir(join(root, name))))
    const known = [...Object.keys(checks), ...tierNames, ...folders.flat()]
    const unknown = positionals.find((name) => !known.includes(name))
    if (unknown !== undefined)
      throw new Error(`There is no test "${unknown}". There are: ${known.join(', ')}.`)
    if (!values.help)
      return {
        words: positionals,
        all: values.all ?? false,
        force: values.force ?? false,
        requireEngine: values['require-engine'] ?? Boolean(process.env.CI),
        standIns: values['stand-ins'] ?? false,
      }
    console.log(usage)
  } catch (error) {
    console.error(`${(error as Error).message}\nTry: npm test -- --help`)
    process.exitCode = 2
  }
  return undefined
}

const asked = await readArguments()
if (asked) await main(() => test(asked))
