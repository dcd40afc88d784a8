import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBrowser } from './browser.ts'
import { attempt, main, type RunOptions, root, say } from './process.ts'
import { setUp } from './setup.ts'

type Tally = { passed: number; failed: number; skipped: number }
type Suite = { name: string; what: string; run: () => Promise<Tally> }

const inherit: RunOptions = { inherit: true, env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' } }

/** A command that is one test: it passes when it exits 0. */
async function command(...words: string[]): Promise<Tally> {
  const { code } = await attempt('pnpm', words, inherit)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

/** A vitest project, counted from its own JSON. A run that tested nothing has failed. */
async function vitest(project: string): Promise<Tally> {
  const file = join(root, '.cache', `${project}.json`)
  await rm(file, { force: true })
  const { code } = await attempt(
    'pnpm',
    [
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    inherit,
  )
  const text = await readFile(file, 'utf8').catch(() => '{}')
  const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests: skipped = 0 } = JSON.parse(text)
  // A suite that breaks outside its tests, or a worker that dies, shows in the exit code alone.
  const failed = numFailedTests || (code === 0 && passed > 0 ? 0 : 1)
  return { passed, failed, skipped }
}

const suites: Suite[] = [
  {
    name: 'types',
    what: 'TypeScript, the whole workspace',
    run: () => command('turbo', 'run', 'typecheck', 'build', '--output-logs=errors-only'),
  },
  { name: 'types', what: 'TypeScript, scripts', run: () => command('tsc') },
  { name: 'lint', what: 'format and lint', run: () => command('biome', 'ci', '.') },
  { name: 'unit', what: 'unit tests', run: () => vitest('unit') },
  {
    name: 'apps',
    what: 'lint and tests of the apps in other languages, in their dev images',
    run: () => command('turbo', 'run', 'test', '--output-logs=errors-only', '--concurrency=2'),
  },
  {
    name: 'images',
    what: 'build checks, base images, every image built and booted, the stack in a browser',
    run: async () => {
      await ensureBrowser()
      const read = await command('node', 'scripts/read-images.ts')
      return read.failed > 0 ? read : vitest('images')
    },
  },
]

await main(async () => {
  const wanted = process.argv.slice(2)
  const known = [...new Set(suites.map(({ name }) => name))]
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown) {
    console.error(`There is no suite "${unknown}". There are: ${known.join(', ')}.`)
    process.exitCode = 2
    return
  }
  await setUp()
  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  for (const suite of suites) {
    if (wanted.length > 0 && !wanted.includes(suite.name)) continue
    say(suite.name, suite.what)
    const tally = await suite.run()
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += tally[key]
  }
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
})
