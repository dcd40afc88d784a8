import { type Logger, pino, stdTimeFunctions } from 'pino'

export type { Logger }

/** Writes one JSON object a line to stdout, at once: a line is not lost when the process ends. */
export function createLogger(app: string): Logger {
  return pino({
    base: { app },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  })
}
