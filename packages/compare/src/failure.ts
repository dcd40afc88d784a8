import { CompareError } from './errors.ts'

/**
 * Says on stderr what went wrong and the next act, a line each, and returns the exit code.
 * Only an error that nobody foresaw, or `debug`, shows a stack trace.
 */
export function reportFailure(error: unknown, interrupted: boolean, debug: boolean): number {
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  if (interrupted) {
    say('\nInterrupted: no container is left, and layers that were read are remembered.')
    return 130
  }
  if (debug) say(String(error instanceof Error ? error.stack : error))
  else if (error instanceof CompareError) say(`\n${error.message}\n${error.next}`)
  else if (error instanceof Error) say(`\n${error.message}\nSee where it comes from: add --debug`)
  const usage = error instanceof CompareError && ['BAD_REPORT', 'UNKNOWN_TARGET'].includes(error.code)
  return usage ? 2 : 1
}
