import { type MessagePort, parentPort } from 'node:worker_threads'
import { analyze, DockerfileError, type Question } from '@stagecraft/dockerfile'

export type Task = Question & { dockerfile: string }
/** The analysis as JSON, or why there is none. */
export type Result = { json: string } | { refusal: Pick<DockerfileError, 'code' | 'message' | 'place'> }

function answer({ dockerfile, ...question }: Task): Result {
  try {
    return { json: JSON.stringify(analyze(dockerfile, question)) }
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error
    const { code, message, place } = error
    return { refusal: { code, message, ...(place && { place }) } }
  }
}

parentPort?.postMessage('running')
parentPort?.on('message', ({ task, port }: { task: Task; port: MessagePort }) =>
  port.postMessage(answer(task)),
)
