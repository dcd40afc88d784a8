import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

export type Child = AsyncDisposable & {
  process: ChildProcessByStdio<null, Readable, Readable>
  /** The lines on stdout so far. */
  lines: string[]
  stderr: string[]
  exit: Promise<Exit>
  /** The port, once the process listens; rejects when it ends before. */
  port(): Promise<number>
}

/**
 * Runs the module `main` as a process of its own on a free port, killed at the end of the scope.
 * @param prefix shell commands to run before it in the same process, such as `ulimit`
 */
export function runMain(main: URL, env: NodeJS.ProcessEnv, prefix = ''): Child {
  const command = `${prefix} exec "$0" "$1"`
  const child = spawn('/bin/sh', ['-c', command, process.execPath, fileURLToPath(main)], {
    env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const stderr: string[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text))
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal }))

  return {
    process: child,
    lines,
    stderr,
    exit,
    async port() {
      for (;;) {
        const listening = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'listening')
        if (listening) return listening.port
        if (child.exitCode !== null) throw new Error(`Ended early: ${lines.join('\n')} ${stderr.join('')}`)
        await Promise.race([once(child.stdout, 'data'), exit])
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
    },
  }
}
