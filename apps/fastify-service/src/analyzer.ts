import { once } from 'node:events'
import { extname, join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { DockerfileError } from '@stagecraft/dockerfile'
import type { FastifyBaseLogger } from 'fastify'
import type { Result, Task } from './worker.ts'

/** Milliseconds that an answer may take, once the thread runs. */
const deadline = 3000

/**
 * Analyzes in a thread, one document after the other: a large one takes longer than other requests should wait.
 * @throws DockerfileError; Error with the status 503 when there is no answer in time
 */
export class Analyzer implements AsyncDisposable {
  readonly #log: Pick<FastifyBaseLogger, 'error'>
  #thread: { worker: Worker; running: Promise<unknown> } | undefined

  constructor(log: Pick<FastifyBaseLogger, 'error'>) {
    this.#log = log
  }

  async analyze(task: Task): Promise<string> {
    const { port1, port2 } = new MessageChannel()
    this.#thread ??= this.#start()
    const { worker, running } = this.#thread
    worker.postMessage({ task, port: port2 }, [port2])
    try {
      // On a busy machine, a thread takes longer to start than to answer.
      await running
      const [result] = (await once(port1, 'message', { signal: AbortSignal.timeout(deadline) })) as [Result]
      if ('json' in result) return result.json
      const { code, message, place } = result.refusal
      throw new DockerfileError(code, message, place)
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'AbortError') throw error
      await worker.terminate()
      const late = new Error(`There was no answer within ${deadline} ms. Ask again, or with less`)
      throw Object.assign(late, { statusCode: 503 })
    } finally {
      port1.close()
    }
  }

  #start() {
    const worker = new Worker(join(import.meta.dirname, `worker${extname(import.meta.filename)}`))
    worker.unref()
    // Those who wait for it are answered at their deadline.
    worker.on('error', (error) => this.#log.error(error))
    worker.on('exit', () => {
      if (this.#thread?.worker === worker) this.#thread = undefined
    })
    return { worker, running: Promise.race([once(worker, 'message'), once(worker, 'exit')]) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.worker.terminate()
  }
}
