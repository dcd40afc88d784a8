import { once } from 'node:events'
import type { Logger } from './logger.ts'
import type { RunningServer } from './server.ts'
import { StartError } from './start-error.ts'

// Milliseconds; below the 5 s within which a container is expected to stop.
const stopDeadline = 4000

/**
 * Runs what `start` starts until SIGTERM or SIGINT, which abort the signal that it is given; a second one ends the
 * process at once. Sets the exit code: 0 when every request was answered, 1 when the deadline cut some off or the
 * service could not start, 2 when a variable has a wrong value.
 */
export async function runService(
  logger: Logger,
  start: (stopping: AbortSignal) => Promise<Pick<RunningServer, 'stop'>>,
): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stopping.abort())

  try {
    const server = await start(stopping.signal)
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
    logger.info('stopping')
    const cutOff = await server.stop(stopDeadline)
    if (cutOff > 0) logger.error({ cutOff }, 'stopped before every request was answered')
    else logger.info('stopped')
    process.exitCode = cutOff > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    logger.fatal(error.message)
    process.exitCode = error.exitCode
  }
}
