import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { execa } from 'execa'

/** What BuildKit's own code is asked. */
export interface Asked {
  dockerfile: string
  target?: string
  args?: Readonly<Record<string, string>>
  dockerignore?: string
  paths?: readonly string[]
}

/** What it says; `error` alone for what it refuses. */
export interface Said {
  error?: string
  /** First and last line of what is wrong, where it says so. */
  lines?: [first: number, last: number]
  stages?: { name: string; base: string; line: number }[]
  instructions?: { line: number; endLine: number; keyword: string }[]
  /** By the line of a step, the digest of it and of all that it builds on. */
  steps?: Record<string, string>
  /** Of the paths, in their order, whether `.dockerignore` leaves them out. */
  ignored?: boolean[]
}

const image = 'stagecraft-test/oracle'

/** BuildKit's parser, converter and pattern matcher in a container, which answers a line for a line. */
export class Oracle implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface

  private constructor() {
    const args = ['run', '--rm', '--interactive', '--network=none', image]
    this.#process = spawn('docker', args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#reader = createInterface(this.#process.stdout)
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  static async start(): Promise<Oracle> {
    const folder = join(import.meta.dirname, 'buildkit')
    await execa('docker', ['build', '--builder=default', '--quiet', `--tag=${image}`, folder])
    return new Oracle()
  }

  /** @returns its answers, in the order of the questions */
  async ask(questions: readonly Asked[]): Promise<Said[]> {
    this.#process.stdin.write(questions.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const answers: Said[] = []
    while (answers.length < questions.length) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error('The oracle has ended')
      answers.push(JSON.parse(value))
    }
    return answers
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin.end()
    if (this.#process.exitCode === null) await once(this.#process, 'close')
    await execa('docker', ['image', 'rm', '--force', image])
  }
}
