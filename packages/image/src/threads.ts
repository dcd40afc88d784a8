import { once } from 'node:events'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ImageArchiveError } from './errors.ts'
import type { LayerFacts } from './layer.ts'
import { type Answer, type LayerFile, readLayerFile } from './layer-file.ts'

/** Bytes of a blob that is read sooner than a thread starts. */
const SMALL = 1024 * 1024

const options = {
  // Chunks that were read are freed when young objects are looked through: the fewer of these, the sooner.
  resourceLimits: { maxYoungGenerationSizeMb: 3 },
  // Without it, each thread loads the compiler that strips the types, 30 MB and 80 ms.
  env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env },
}

interface Task {
  file: LayerFile
  bytes: number
  signal: AbortSignal
  resolve(facts: LayerFacts): void
  reject(error: unknown): void
}

const waiting: Task[] = []
let lanes = 0

/**
 * Analyses a layer of `bytes` bytes in a thread, as many layers at a time as there are cores. No thread outlives the
 * last layer that waits. Throws an {@link ImageArchiveError} for a layer that cannot be read, the signal's reason when
 * it aborts, and what ended a thread that died.
 */
export function analyseInThread(file: LayerFile, bytes: number, signal: AbortSignal): Promise<LayerFacts> {
  return new Promise((resolve, reject) => {
    waiting.push({ file, bytes, signal, resolve, reject })
    if (lanes < availableParallelism()) void work()
  })
}

async function work(): Promise<void> {
  lanes++
  let thread: Worker | undefined
  for (let task = waiting.shift(); task; task = waiting.shift()) {
    const { file, bytes, signal, resolve, reject } = task
    try {
      signal.throwIfAborted()
      if (bytes > SMALL) thread ??= new Worker(new URL('./layer-thread.ts', import.meta.url), options)
      const answer = bytes > SMALL && thread ? await ask(thread, file, signal) : await readLayerFile(file)
      if ('code' in answer) throw new ImageArchiveError(answer.code, answer.message)
      resolve(answer.facts)
    } catch (error) {
      await thread?.terminate()
      thread = undefined
      reject(signal.aborted ? signal.reason : error)
    }
  }
  lanes--
  await thread?.terminate()
}

async function ask(thread: Worker, file: LayerFile, signal: AbortSignal): Promise<Answer> {
  const over = new AbortController()
  try {
    const answered = once(thread, 'message', { signal: AbortSignal.any([signal, over.signal]) })
    const ended = once(thread, 'exit', { signal: over.signal }).then(([code]) => {
      throw new Error(`The thread that read ${file.path} ended with code ${code}.`)
    })
    thread.postMessage(file)
    const [answer] = await Promise.race([answered, ended])
    return answer
  } finally {
    over.abort()
  }
}
