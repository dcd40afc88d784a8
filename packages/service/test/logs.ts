import { pino } from 'pino'
import type { Logger } from '../src/logger.ts'

/** A logger at level info that keeps what was logged, parsed. */
export function keepLogs(): { logger: Logger; logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = []
  const logger = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) })
  return { logger, logged }
}
