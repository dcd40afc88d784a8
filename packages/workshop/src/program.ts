import { exit } from '@stagecraft/engine/exit'
import { Command } from 'commander'
import wrapAnsi from 'wrap-ansi'
import { WorkshopError } from './errors.ts'

const program = new Command('workshop')
  .description('Exercises about Dockerfiles that check themselves, in English and Spanish.')
  .option('--debug', 'show stack traces')
  .showHelpAfterError('Try: pnpm workshop --help')
  .addHelpText(
    'after',
    `
Examples:
  pnpm workshop list                      what there is, and your progress
  pnpm workshop start first-image         copies it to ~/stagecraft-workshop
  pnpm workshop predict                   say what happens, and be told
  pnpm workshop check                     what is not right yet, and why
  pnpm workshop watch --lang es           the same at each save, in Spanish
  pnpm workshop schedule half-day --from 09:30
  pnpm workshop serve                     pages for the instructor

Exit codes: 0 passed or done; 1 a check failed, or no engine answers; 2 wrong
usage; 130 interrupted.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

const interrupt = new AbortController()
const { signal } = interrupt

/** A command with the options that all have. What it runs is loaded then: some of it takes longer than --help. */
function command(name: string, description: string, run: Parameters<Command['action']>[0]): Command {
  return program
    .command(name)
    .description(description)
    .option('--lang <en|es>', 'language (default: that of the locale)')
    .option('--json', 'print JSON, and nothing else')
    .action(run)
}

command('list', 'the exercises, with minutes and progress', async (options) =>
  (await import('./commands/list.ts')).list(options),
)
command('start <slug>', 'hand out an exercise', async (slug, options) =>
  (await import('./commands/start.ts')).start(slug, options),
).option('--into <folder>', 'another folder than ~/stagecraft-workshop/<slug>')
command('predict [slug]', 'predict what happens; the engine settles it', async (slug, options) =>
  (await import('./commands/predict.ts')).predict(slug, options, signal),
).option('-a, --answer <question=answer...>', 'answers, instead of being asked')
command('check [slug]', 'say what is not right yet, and why', async (slug, options) =>
  (await import('./commands/check.ts')).check(slug, options, signal),
)
command('watch [slug]', 'check at each save', async (slug, options) =>
  (await import('./commands/check.ts')).watch(slug, options, signal),
).option('--poll', 'look for changes twice a second, where no events arrive')
command('hint [slug]', 'the next of three hints', async (slug, options) =>
  (await import('./commands/help.ts')).hint(slug, options),
)
command('solution [slug]', 'the way from your files to a solution', async (slug, options) =>
  (await import('./commands/help.ts')).solution(slug, options),
).option('--instructor', 'at once')
command('reset [slug]', 'begin anew; what you have is kept', async (slug, options) =>
  (await import('./commands/start.ts')).reset(slug, options),
)
command('next', 'go on with the first exercise that has not passed', async (options) =>
  (await import('./commands/start.ts')).next(options),
)
command('schedule [track]', 'the times of a room', async (track, options) =>
  (await import('./commands/list.ts')).schedule(track, options),
).option('--from <time>', 'when it begins', '09:00')
command('glossary', 'the terms in both languages', async (options) =>
  (await import('./commands/list.ts')).glossary(options),
)
command('serve', 'pages for the instructor: what to show at each step', async (options) =>
  (await import('./commands/serve.ts')).serve(options, signal),
).option('--port <number>', 'where', '8090')
program
  .command('new <slug>')
  .description('a new exercise, for authors')
  .action(async (slug) => (await import('./commands/author.ts')).create(slug))
command('lint [slugs...]', 'hold exercises against the format, for authors', async (slugs, options) =>
  (await import('./commands/author.ts')).lint(slugs, options),
).option('--fix', 'mark Spanish sections that have no mark yet')
command(
  'test [slugs...]',
  'check start, solution, alternatives, mistakes, for authors',
  async (slugs, options) => (await import('./commands/author.ts')).test(slugs, options, signal),
)

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => {
    // The second time, at once.
    if (signal.aborted) process.exit(130)
    interrupt.abort()
  })
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
try {
  await program.parseAsync()
  await exit()
} catch (error) {
  await exit(reportFailure(error))
}

function wrap(text: string): string {
  return wrapAnsi(text, Math.min(process.stderr.columns || 80, 80))
}

function reportFailure(error: unknown): number {
  if (signal.aborted) return 130
  const failure = error as Error
  if (program.opts<{ debug?: true }>().debug) process.stderr.write(`${failure.stack}\n`)
  else if (failure instanceof WorkshopError)
    process.stderr.write(`${wrap(failure.message)}\n${wrap(failure.next)}\n`)
  else process.stderr.write(`${failure.message}\nSee where it comes from: add --debug\n`)
  return failure instanceof WorkshopError && ['usage', 'unknown'].includes(failure.code) ? 2 : 1
}
