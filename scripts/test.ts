import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ensureBrowser } from './browser.ts'
import { ensureEngine } from './engine.ts'
import { findBrowser } from './find-browser.ts'
import { attempt, failureOf, main, readArguments, root, run, say } from './process.ts'
import { installPackages } from './setup.ts'
import { bases } from './stand-ins/bases.ts'
import { ensureBases } from './stand-ins/ensure.ts'
import type { Tally } from './tally.ts'

/** A task of turbo: a script of the package in a folder. */
type Task = { folder: string; tier: Tier; remembered: boolean }

/** Scripts of packages that are tests, in the order in which they run. turbo.json says what each depends on. */
const tiers = {
  unit: { what: 'all that needs no engine', engine: false, slow: false },
  test: { what: 'the tests of apps with a build context of their own', engine: true, slow: false },
  contract: { what: 'every image booted, and held to the contract', engine: true, slow: false },
  suite: { what: 'the bake file, sizes, the engine, exercises that changed', engine: true, slow: false },
  proof: { what: 'what takes long: pages in a browser, broken images, faults', engine: true, slow: true },
  alone: { what: 'predictions and times, with nothing beside them', engine: true, slow: true },
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

What there is (all but proof and alone, if none is named):
${Object.entries(checks)
  .map(([name, { what }]) => `  ${name.padEnd(12)}${what}`)
  .join('\n')}
${tierNames.map((name) => `  ${name.padEnd(12)}${tiers[name].what}`).join('\n')}
  ${'<package>'.padEnd(12)}an app, a package or a folder of tests/, or all of them

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

const options = {
  all: { type: 'boolean' },
  force: { type: 'boolean' },
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

/** What decides, besides the files of the repository, how tests end that need no engine. */
function describeNode(): NodeJS.ProcessEnv {
  return { TEST_NODE: `${process.version} ${process.arch}` }
}

/** What decides besides, how tests end that need one. */
async function describeMachine(): Promise<NodeJS.ProcessEnv> {
  const fields = ['ID', 'ServerVersion', 'KernelVersion', 'Driver', 'CgroupVersion', 'Architecture']
  const format = fields.map((field) => `{{.${field}}}`).join(' ')
  const names = bases.map(({ name }) => name)
  const next = 'See whether the engine is there: npm run setup'
  const hash = createHash('sha256')
    .update(JSON.stringify(describeNode()))
    .update(await run('docker', ['info', '--format', format], next))
    .update(await run('docker', ['image', 'inspect', '--format', '{{.Id}}', ...names], next))
  const { stdout: browser } = await attempt(findBrowser() ?? 'chromium', ['--version'])
  return { TEST_MACHINE: hash.digest('hex').slice(0, 16), TEST_BROWSER: browser.trim() }
}

const turbo = ['turbo', 'run', '--env-mode=loose']

/** The tests of these packages, all if none is named, and whether turbo remembers that they passed. */
async function listTasks(
  wanted: readonly Tier[],
  packages: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Task[]> {
  if (wanted.length === 0) return []
  const folders = (await listFolders()).filter((names) => packages.some((name) => names.includes(name)))
  const filters = folders.map(([path]) => `--filter=./${path}`)
  const next = 'Mend turbo.json, then run this again.'
  const plan = await run('pnpm', [...turbo, ...wanted, ...filters, '--dry=json'], next, { env })
  const { tasks } = JSON.parse(plan) as {
    tasks: { task: string; command: string; directory: string; cache: { status: string } }[]
  }
  return tasks.flatMap(({ task, command, directory, cache }) => {
    const tier = wanted.find((name) => name === task)
    // A package without such a script has a task all the same.
    if (!tier || command === '<NONEXISTENT>') return []
    return [{ folder: directory, tier, remembered: cache.status === 'HIT' }]
  })
}

/** Where the tests of a task leave their results. */
const resultsOf = ({ folder, tier }: Task): string => join(root, folder, '.turbo', `${tier}.json`)

/** Counts what a task left: the results of its tests, else the task is one test. */
async function count(task: Task, exitCode: number): Promise<Tally> {
  const results = resultsOf(task)
  const tally: Tally = existsSync(results)
    ? JSON.parse(await readFile(results, 'utf8'))
    : { passed: exitCode === 0 ? 1 : 0, failed: 0, skipped: 0, failures: [] }
  // A worker that dies shows in the exit code alone.
  if (exitCode === 0 || tally.failed > 0) return tally
  return { ...tally, failed: 1, failures: [`${basename(task.folder)} ${task.tier}`] }
}

/** Runs the tasks of one tier, and counts each. */
async function runTier(tier: Tier, tasks: readonly Task[], force: boolean, env: NodeJS.ProcessEnv) {
  const own = tasks.filter((task) => task.tier === tier)
  if (own.length === 0) return []
  const pending = own.filter(({ remembered }) => force || !remembered)
  if (pending.length > 0) say(tier, tiers[tier].what)
  // Nothing to restore, and turbo would build the images that it needs no more.
  else if (tier === 'test') return own.map(() => ({ passed: 1, failed: 0, skipped: 0, failures: [] }))
  for (const task of pending) await rm(resultsOf(task), { force: true })
  const summaries = join(root, '.turbo/runs')
  await rm(summaries, { recursive: true, force: true })
  const filters = own.map(({ folder }) => `--filter=./${folder}`)
  const how = ['--continue', '--output-logs=new-only', '--log-prefix=none', '--summarize']
  // What needs the engine leaves processors idle: so two suites at once, each printed when it is done.
  const two = tiers[tier].engine && tier !== 'alone'
  how.push(...(two ? ['--concurrency=2', '--log-order=grouped'] : ['--concurrency=1']))
  const forced = force ? ['--force'] : []
  await attempt('pnpm', [...turbo, tier, ...filters, ...how, ...forced], { inherit: true, env })
  const [summary] = await readdir(summaries).catch(() => [])
  const { tasks: done = [] } = summary ? JSON.parse(await readFile(join(summaries, summary), 'utf8')) : {}
  return Promise.all(
    own.map((task) => {
      const ended = done.find(
        (each: { directory: string; task: string }) => each.directory === task.folder && each.task === tier,
      )
      return count(task, ended?.execution?.exitCode ?? 1)
    }),
  )
}

async function test({ words, all, force, requireEngine, standIns }: Asked): Promise<void> {
  const installed = installPackages()
  // Reported where it is waited for.
  installed.catch(() => undefined)

  const total: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] }
  const add = (tally: Partial<Tally>) => {
    total.failures.push(...(tally.failures ?? []))
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += tally[key] ?? 0
  }
  const packages = words.filter((word) => !(word in checks) && !(word in tiers))
  const named = tierNames.filter((name) => words.includes(name))
  const asked = tierNames.filter((name) => {
    if (named.length > 0) return named.includes(name)
    return packages.length > 0 || (words.length === 0 && (all || !tiers[name].slow))
  })
  const [local, booting] = [false, true].map((engine) =>
    asked.filter((name) => tiers[name].engine === engine),
  )

  const noEngine = booting?.length === 0 && !requireEngine ? undefined : await failureOf(ensureEngine())
  if (noEngine && requireEngine) throw noEngine
  const based = booting?.length === 0 || noEngine ? undefined : ensureBases([], { standIns }).done
  // Reported where it is waited for.
  based?.catch(() => undefined)
  await installed

  // While the base images are made: what needs none.
  const env: NodeJS.ProcessEnv = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...describeNode() }
  for (const [name, { what, commands }] of Object.entries(checks)) {
    if (words.length > 0 && !words.includes(name)) continue
    say(name, what)
    for (const command of commands) {
      const { code } = await attempt('pnpm', command, { inherit: true, env })
      add(code === 0 ? { passed: 1 } : { failed: 1, failures: [command.join(' ')] })
    }
  }
  const tasks = await listTasks(local ?? [], packages, env)
  for (const tier of local ?? []) for (const tally of await runTier(tier, tasks, force, env)) add(tally)

  const noBase = based && (await failureOf(based))
  const listOthers = () => listTasks(booting ?? [], packages, env)
  if (based && !noBase) {
    // Before it is asked what has passed: that depends on the browser.
    if (!findBrowser() && (await listOthers()).some(({ folder }) => folder === 'tests/stack'))
      await ensureBrowser()
    Object.assign(env, await describeMachine())
  }
  const others = await listOthers()
  if (noBase) add({ failed: others.length })
  else if (noEngine) add({ skipped: others.length })
  else {
    for (const tier of booting ?? []) for (const tally of await runTier(tier, others, force, env)) add(tally)
    tasks.push(...others)
  }

  const remembered = tasks.filter((task) => task.remembered && !force)
  if (remembered.length > 0) {
    console.log(
      `${remembered.length} of ${tasks.length} suites did not run: nothing they depend on has changed.`,
    )
    console.log('Run them all the same: npm test -- --force')
  }
  if (noEngine && others.length > 0) {
    const names = others.map(({ folder, tier }) => `${basename(folder)} ${tier}`)
    console.log(`Skipped ${others.length} suites that need a Docker Engine: ${names.sort().join(', ')}.`)
    console.log(`${noEngine.message}\n${noEngine.next}`)
  }
  if (noBase) console.log(`${others.length} suites could not run.\n${noBase.message}\n${noBase.next}`)
  if (total.failures.length > 0) console.log(`\nFailed:\n\n${total.failures.join('\n\n')}\n`)
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
}

/** Folders of packages, each by its path and, unless that is the name of a tier, by its last part. */
async function listFolders(): Promise<string[][]> {
  const groups = await Promise.all(
    ['apps', 'packages', 'tests'].map(async (group) =>
      (await readdir(join(root, group))).map((name) => [
        `${group}/${name}`,
        ...(name in tiers ? [] : [name]),
      ]),
    ),
  )
  return [...groups.flat(), ['scripts']]
}

const known = [...new Set([...Object.keys(checks), ...tierNames, ...(await listFolders()).flat()])]
const asked = readArguments(options, usage, 'npm test', (words) => {
  const unknown = words.find((word) => !known.includes(word))
  const names = known.filter((word) => !word.includes('/')).join(', ')
  if (unknown !== undefined) throw new Error(`There is no test "${unknown}". There are: ${names}.`)
})
if (asked) {
  const { values, positionals: words } = asked
  await main(() =>
    test({
      words,
      all: values.all ?? false,
      force: values.force ?? false,
      requireEngine: values['require-engine'] ?? Boolean(process.env.CI),
      standIns: values['stand-ins'] ?? false,
    }),
  )
}
