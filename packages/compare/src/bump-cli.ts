import { join } from 'node:path'
import { exit } from '@stagecraft/engine/exit'
import { Command } from 'commander'
import { execa } from 'execa'
import type { Line } from './bump/lines.ts'
import { CompareError } from './errors.ts'
import { reportFailure } from './failure.ts'

const root = join(import.meta.dirname, '../../..')

const program = new Command('bump')
  .description('Raises what the Dockerfiles stand on, and shows what that changes in the images.')
  .argument('[what]', 'as the list names it, or pins; without it, the list')
  .argument('[line]', 'the line to go to, as 26 or 3.13')
  .option('--json', 'print the list as JSON')
  .option('--no-compare', 'change the files, and build nothing')
  .option('--mirror <address>', 'for pins: a registry that has the base images, to ask instead')
  .option('--debug', 'show stack traces')
  .addHelpText(
    'after',
    `
Examples:
  pnpm bump                                    what there is, and until when
  pnpm bump node 24                            Node.js 24 in every Dockerfile
  pnpm bump pins                               today's digests for releases

Exit codes: 0 done; 1 a build or the engine failed; 2 wrong usage; 130
interrupted. What has changed, git shows and takes back.`,
  )
  .showHelpAfterError('Try: pnpm bump --help')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()

const [what, to] = program.args
const {
  compare,
  json,
  mirror,
  debug = false,
} = program.opts<{
  compare: boolean
  json?: true
  mirror?: string
  debug?: true
}>()
const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort())

try {
  const { ending, readLines } = await import('./bump/lines.ts')
  const { allBases, readPins, renewPins } = await import('./bump/pins.ts')
  const lines = await readLines(root)
  if (what === 'pins') {
    const before = await readPins(root)
    for (const [base, digest] of await renewPins(root, mirror, interrupt.signal))
      console.log(`${base}  ${digest === before.get(base) ? 'as it was' : digest}`)
  } else if (what) await bump(find(lines, what), to)
  else if (json) console.log(JSON.stringify(lines, null, 2))
  else {
    const { default: Table } = await import('cli-table3')
    const table = new Table({ head: ['name', 'line', 'last fix', 'others'], style: { head: [], border: [] } })
    for (const { name, current, ends, arg } of lines)
      table.push([
        arg ? name : `${name} (in every FROM)`,
        current,
        ends[current] ?? 'unknown',
        Object.keys(ends)
          .filter((line) => line !== current)
          .join(', '),
      ])
    console.log(table.toString())
    const pins = await readPins(root)
    const bases = await allBases(root)
    console.log(`${bases.filter((base) => pins.get(base)).length} of ${bases.length} base images are pinned.`)
    for (const sentence of ending(lines, Date.now())) console.log(sentence)
  }
  await exit()
} catch (error) {
  await exit(reportFailure(error, interrupt.signal.aborted, debug))
}

/** What a word of the command line means. @throws CompareError when it means nothing */
function find(lines: readonly Line[], name: string): Line {
  const found = lines.find((each) => each.name === name && each.arg)
  if (found) return found
  const names = lines.flatMap((each) => (each.arg ? [each.name] : [])).join(', ')
  throw new CompareError('UNKNOWN_TARGET', `There is no "${name}" to raise.`, `There are: ${names}, pins`)
}

/** Measures, changes the files, and measures again. @throws CompareError when the line is not one, or a step fails */
async function bump(line: Line, to: string | undefined): Promise<void> {
  const known = Object.keys(line.ends)
  if (!to || !known.includes(to))
    throw new CompareError(
      'UNKNOWN_TARGET',
      to ? `docs/end-of-life.yaml has no ${line.title} ${to}.` : `Which line of ${line.title}?`,
      to ? `Add it with the date of its last fix: ${line.source}` : `There are: ${known.join(', ')}`,
    )
  if (to === line.current) return console.log(`${line.title} is ${to} already.`)
  const targets = line.apps.map((app) => `${app}-prod`)
  const report = join(root, '.cache/before-bump.json')
  if (compare)
    await step(['compare', ...targets, '--output', report], 'Mend what fails, then run this again.')
  const { raise } = await import('./bump/raise.ts')
  const changed = await raise(root, line, to)
  console.log(
    `${line.title} ${line.current} is ${to} now, in ${changed.length} files. See them: git diff --stat`,
  )
  const back = `Go back: pnpm bump ${line.name} ${line.current} --no-compare`
  if (compare) {
    await step(['run', 'setup'], back)
    await step(['compare', ...targets, '--against', report], back)
  }
  console.log('Then: npm test, pnpm compare --publish')
}

/** Runs a command of this repository as a person would. @throws CompareError when it fails */
async function step(args: string[], next: string): Promise<void> {
  const { failed } = await execa('pnpm', args, {
    cwd: root,
    stdio: 'inherit',
    reject: false,
    cancelSignal: interrupt.signal,
  })
  interrupt.signal.throwIfAborted()
  if (failed) throw new CompareError('BUILD_FAILED', `\`pnpm ${args.slice(0, 2).join(' ')}\` failed.`, next)
}
