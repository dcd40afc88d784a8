import { join } from 'node:path'
import { exit } from '@stagecraft/engine/exit'
import { Command } from 'commander'
import { replaceBlock } from './block.ts'
import { reportFailure } from './failure.ts'

const root = join(import.meta.dirname, '../../..')

const program = new Command('ladder')
  .description('Builds one product of each language on every base that it runs on, and compares the sizes.')
  .option('--update <file>', 'replace the tables between the markers of a Markdown file')
  .option('--debug', 'show stack traces')
  .addHelpText(
    'after',
    `
Examples:
  pnpm ladder                                  the tables, as Markdown
  pnpm ladder --update docs/base-ladder.md     renew them in the documentation

Exit codes: 0 compared; 1 a build, an image or the engine failed; 2 wrong usage;
130 interrupted.`,
  )
  .showHelpAfterError('Try: pnpm ladder --help')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()

const { update, debug = false } = program.opts<{ update?: string; debug?: true }>()
const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort())
try {
  process.stderr.write('ladder      building and reading the images\n')
  // Loaded when needed: the engine's client takes longer to load than --help to print.
  const { measureLadder, renderLadder } = await import('./ladder.ts')
  const tables = renderLadder(await measureLadder(root, interrupt.signal))
  if (update) await replaceBlock(update, tables)
  else console.log(tables)
  await exit()
} catch (error) {
  await exit(reportFailure(error, interrupt.signal.aborted, debug))
}
