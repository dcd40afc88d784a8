import { spawn } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { printLine } from '../packages/compare/src/status.ts'

export const root = join(import.meta.dirname, '..')

/** A failure a person can act on: what happened, and the next act. */
export class SetupError extends Error {
  readonly next: string

  constructor(what: string, next: string) {
    super(what)
    this.next = next
  }
}

/** What a person can act on of a promise that rejects; undefined when it does not. Any other error is thrown on. */
export function failureOf(work: Promise<unknown>): Promise<SetupError | undefined> {
  return work.then(
    () => undefined,
    (error) => {
      if (error instanceof SetupError) return error
      throw error
    },
  )
}

/** Aborted by Ctrl-C or SIGTERM; every child process listens to it. */
export const interrupt = new AbortController()

/**
 * Runs a script's work: a SetupError is printed as what happened and the next act (exit 1), Ctrl-C and SIGTERM
 * stop every child and let clean-up run (exit 130), anything else is a defect and keeps its stack.
 */
export async function main(work: () => Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort())
  try {
    await work()
  } catch (error) {
    const interrupted = interrupt.signal.aborted
    interrupt.abort()
    if (interrupted) {
      console.error('\nInterrupted. Run the same command again: what is done is kept.')
      process.exitCode = 130
    } else if (error instanceof SetupError) {
      console.error(`\n${error.message}\n${error.next}`)
      process.exitCode = 1
    } else {
      throw error
    }
  }
}

/** Says one step, in one line, on stderr: stdout belongs to results. */
export function say(step: string, text: string): void {
  printLine(`${step.padEnd(12)}${text}`)
}

export type RunOptions = {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Name of the log under `.cache/logs` that keeps the whole output. */
  log?: string
  /** Lets the child write to this terminal. */
  inherit?: boolean
  /** Kills the child after this many milliseconds without a byte of output. */
  silenceMs?: number
  /** What counts instead of `silenceMs` once the child has written to stdout. */
  silenceLaterMs?: number
  /** Called when the child first writes to stdout. */
  onFirstOutput?: () => void
  /** Takes stdout, which is not kept then; what it throws is how the command ended. */
  consume?: (stdout: Readable) => Promise<void>
  /** Ends the child when this program is interrupted; SIGTERM, if not said. */
  killSignal?: NodeJS.Signals
}

/** How a command ended. `output` holds the last 64 KiB of stdout and stderr together, `stdout` all of stdout. */
export type RunResult = { code: number; stdout: string; output: string; log?: string }

/** Runs a command to its end, whatever its exit code; 127 when there is no such command. */
export async function attempt(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const logPath = options.log && join(root, '.cache/logs', `${options.log}.log`)
  if (logPath) await mkdir(dirname(logPath), { recursive: true })
  const log = logPath ? await open(logPath, 'w') : undefined
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: options.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    signal: interrupt.signal,
    ...(options.killSignal && { killSignal: options.killSignal }),
  })
  let stdout = ''
  let output = ''
  let silence: NodeJS.Timeout | undefined
  const waitFor = (milliseconds: number | undefined): void => {
    clearTimeout(silence)
    if (milliseconds) silence = setTimeout(() => child.kill(), milliseconds)
  }
  waitFor(options.silenceMs)
  const take = (chunk: string): void => {
    waitFor(stdout === '' ? options.silenceMs : (options.silenceLaterMs ?? options.silenceMs))
    output = (output + chunk).slice(-65_536)
    log?.write(chunk)
  }
  let consumed: Promise<unknown> | undefined
  if (options.consume && child.stdout) {
    consumed = options.consume(child.stdout).catch((error: unknown) => error)
  } else {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (stdout === '') options.onFirstOutput?.()
      stdout += chunk
      take(chunk)
    })
  }
  child.stderr?.setEncoding('utf8').on('data', take)
  const { promise, resolve } = Promise.withResolvers<number>()
  child.on('error', (error: NodeJS.ErrnoException) => {
    output += error.message
    resolve(error.code === 'ENOENT' ? 127 : 1)
  })
  child.on('close', (code, signal) => resolve(code ?? (signal ? 130 : 1)))
  let code = await promise
  const refused = await consumed
  if (refused) {
    output += `\n${refused}`
    code ||= 1
  }
  clearTimeout(silence)
  await log?.close()
  interrupt.signal.throwIfAborted()
  return { code, stdout, output, ...(logPath && { log: logPath }) }
}

/** Runs a command that must succeed. @throws SetupError with the last causes it printed, and `next` as the next act. */
export async function run(
  command: string,
  args: string[],
  next: string,
  options: RunOptions = {},
): Promise<string> {
  const result = await attempt(command, args, options)
  if (result.code === 0) return result.stdout
  const lines = result.output.trim().split('\n')
  const causes = lines.filter((line) => /^(E|Err|W):|no space|could not|cannot|unable|denied/i.test(line))
  // A line may hold a whole script, with the cause at its end.
  const brief = (line: string): string =>
    line.length > 400 ? `${line.slice(0, 100)} … ${line.slice(-250)}` : line
  const tail = [...new Set(causes.length > 0 ? causes : lines)].slice(-5).map(brief).join('\n  ')
  const whole = result.log ? `\n  The whole output: ${result.log}` : ''
  throw new SetupError(
    `\`${[command, ...args.slice(0, 3)].join(' ')}\` failed (exit ${result.code}):\n  ${tail}${whole}`,
    next,
  )
}

/**
 * Reads the arguments of a command. Prints its usage where help is asked for, and what is wrong where they are wrong
 * (exit 2).
 * @param check throws an Error for words that are wrong
 * @returns undefined when there is nothing to do
 */
export function readArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
  options: Options,
  usage: string,
  command: string,
  check?: (words: string[]) => void,
) {
  const config = {
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    allowPositionals: check !== undefined,
  } as const
  try {
    const asked = parseArgs(config)
    check?.(asked.positionals)
    if (!('help' in asked.values)) return asked
    console.log(usage)
  } catch (error) {
    console.error(`${(error as Error).message}\nTry: ${command} -- --help`)
    process.exitCode = 2
  }
  return undefined
}
