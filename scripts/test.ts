import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findBrowser } from '../packages/stack/src/find-browser.ts'
import { ensureBrowser } from './browser.ts'
import { attempt, main, type RunOptions, root, run, say } from './process.ts'
import { setUp } from './setup.ts'
import { bases } from './stand-ins/bases.ts'

type Tally = { passed: number; failed: number; skipped: number }

type Suite = {
  name: string
  what: string
  /** Commands that are one test each: it passes when it exits 0. */
  commands?: string[][]
  /** A task of turbo.json, which remembers that it passed, with the results that vitest wrote. */
  task?: { name: string; results: string }
  /** Whether it needs every image. */
  images?: true
}

const turbo = ['turbo', 'run', '--env-mode=loose', '--continue']
const task = (name: string) => ({ name: `test:${name}`, results: `.cache/tests/${name}.json` })

const suites: Suite[] = [
  {
    name: 'types',
    what: 'TypeScript: the whole workspace, and the scripts',
    commands: [[...turbo, 'typecheck', 'build', '--output-logs=errors-only'], ['tsc']],
  },
  { name: 'lint', what: 'format and lint', commands: [['biome', 'ci', '.']] },
  { name: 'unit', what: 'all that needs no image', task: task('unit') },
  {
    name: 'apps',
    what: 'apps in other languages: lint and tests, in their dev images',
    commands: [[...turbo, 'test', '--output-logs=errors-only', '--concurrency=2']],
  },
  {
    name: 'bases',
    what: 'base images and stand-ins, and what set-up says when it fails',
    task: task('bases'),
    images: true,
  },
  {
    name: 'checks',
    what: "the contract's own checks, on images that break it",
    task: task('checks'),
    images: true,
  },
  {
    name: 'predictions',
    what: 'what reruns after a change: small but tricky Dockerfiles',
    task: task('predictions'),
    images: true,
  },
  {
    name: 'dockerfiles',
    what: 'what reruns after a change: Dockerfiles in contexts of their own',
    task: task('dockerfiles'),
    images: true,
  },
  {
    name: 'languages',
    what: 'what reruns after a change: apps in other languages',
    task: task('languages'),
    images: true,
  },
  {
    name: 'workspace',
    what: 'what reruns after a change, and is pushed: apps of the workspace',
    task: task('workspace'),
    images: true,
  },
  { name: 'stack', what: 'the whole stack, in a browser', task: task('stack'), images: true },
  {
    name: 'matrix',
    what: 'bake file, sizes, pnpm compare, pnpm ladder',
    task: task('matrix'),
    images: true,
  },
  {
    name: 'contract',
    what: 'every image booted, and held to the contract',
    task: { name: 'contract', results: 'apps/*/.turbo/contract.json' },
    images: true,
  },
]

const usage = `Usage: npm test [suite...] [-- --force]

Sets up what is missing and runs every test, or those of some suites:

${suites.map(({ name, what }) => `  ${name.padEnd(12)}${what}`).join('\n')}

A suite that has passed is run again when something changes that it depends on:
files, the engine, the base images, Node. turbo.json says which files.

  --force     runs also what has passed already

Examples:
  npm test                        all
  npm test contract               the contract, of the apps that have changed
  npm test stack -- --force       the stack in a browser, whatever has changed

Exit codes: 0 passed; 1 something failed, or nothing was tested; 2 wrong usage;
130 interrupted.`

function readArguments() {
  const options = { force: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const unknown = positionals.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown !== undefined)
    throw new TypeError(
      `There is no suite "${unknown}". There are: ${suites.map(({ name }) => name).join(', ')}.`,
    )
  const chosen = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  return { ...values, chosen }
}

/** What decides, besides the files of the repository, how tests end. */
async function describeMachine(): Promise<NodeJS.ProcessEnv> {
  const fields = ['ID', 'ServerVersion', 'KernelVersion', 'Driver', 'CgroupVersion', 'Architecture']
  const format = fields.map((field) => `{{.${field}}}`).join(' ')
  const names = bases.map(({ name }) => name)
  const next = 'See whether the engine is there: npm run setup'
  const hash = createHash('sha256')
    .update(`${process.version} ${process.arch}`)
    .update(await run('docker', ['info', '--format', format], next))
    .update(await run('docker', ['image', 'inspect', '--format', '{{.Id}}', ...names], next))
  const { stdout: browser } = await attempt(findBrowser() ?? 'chromium', ['--version'])
  return { TEST_MACHINE: hash.digest('hex').slice(0, 16), TEST_BROWSER: browser.trim() }
}

/** The tasks that turbo would run, and does not remember. */
async function findPending(
  tasks: readonly string[],
  flags: readonly string[],
  options: RunOptions,
): Promise<Set<string>> {
  if (tasks.length === 0) return new Set()
  const next = 'Mend turbo.json, then run this again.'
  const text = await run('pnpm', [...turbo, ...tasks, ...flags, '--dry=json'], next, options)
  const planned: { task: string; command: string; cache: { status: string } }[] = JSON.parse(text).tasks
  // A package without such a script has a task all the same.
  const real = planned.filter(({ command }) => command !== '<NONEXISTENT>')
  return new Set(real.filter(({ cache }) => cache.status !== 'HIT').map(({ task }) => task))
}

async function runCommands(commands: readonly string[][], options: RunOptions): Promise<Tally> {
  const tally = { passed: 0, failed: 0, skipped: 0 }
  for (const words of commands) {
    const { code } = await attempt('pnpm', words, options)
    tally[code === 0 ? 'passed' : 'failed']++
  }
  return tally
}

/** Counts a task from its results: those of this run, or those that turbo remembers. */
async function runTask(
  { name, results }: NonNullable<Suite['task']>,
  flags: readonly string[],
  options: RunOptions,
): Promise<Tally> {
  const findResults = () => globSync(results, { cwd: root }).map((path) => join(root, path))
  for (const path of findResults()) await rm(path)
  // One at a time: what images promise is counted in seconds.
  const how = ['--output-logs=new-only', '--log-prefix=none', '--concurrency=1', ...flags]
  const { code } = await attempt('pnpm', [...turbo, name, ...how], options)
  const tally = { passed: 0, failed: 0, skipped: 0 }
  for (const path of findResults()) {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(await readFile(path, 'utf8'))
    tally.passed += numPassedTests
    tally.failed += numFailedTests
    tally.skipped += numPendingTests
  }
  // A suite that breaks outside its tests, or a worker that dies, shows in the exit code alone.
  if (tally.failed === 0 && (code !== 0 || tally.passed === 0)) tally.failed = 1
  return tally
}

async function test(chosen: readonly Suite[], force: boolean): Promise<void> {
  await setUp()
  if (chosen.some(({ name }) => name === 'stack')) await ensureBrowser()
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...(await describeMachine()) }
  const flags = force ? ['--force'] : []
  const tasks = chosen.flatMap(({ task }) => task?.name ?? [])
  const pending = await findPending(tasks, flags, { env })
  const isPending = ({ task }: Suite) => pending.has(task?.name ?? '')
  const remembered = chosen.filter((suite) => suite.task && !isPending(suite)).map(({ name }) => name)
  let needImages = chosen.some((suite) => suite.images && isPending(suite))

  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  const add = (tally: Tally): Tally => {
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += tally[key]
    return tally
  }
  const options = { inherit: true, env }
  for (const { name, what, commands = [], task, images } of chosen) {
    if (images && needImages) {
      needImages = false
      const { failed } = add(await runCommands([['node', 'scripts/read-images.ts']], options))
      if (failed > 0) break
    }
    say(name, what)
    add(await (task ? runTask(task, flags, options) : runCommands(commands, options)))
  }
  if (remembered.length > 0) {
    console.log(`Not run again, for nothing has changed that they depend on: ${remembered.join(', ')}.`)
    console.log('Run them all the same: npm test -- --force\n')
  }
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
}

let asked: ReturnType<typeof readArguments> | undefined
try {
  asked = readArguments()
} catch (error) {
  console.error(`${(error as Error).message}\nTry: npm test -- --help`)
  process.exitCode = 2
}
if (asked?.help) console.log(usage)
else if (asked) {
  const { chosen, force = false } = asked
  await main(() => test(chosen, force))
}
