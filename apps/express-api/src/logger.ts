import { type Logger, pino, stdTimeFunctions } from 'pino'

/** Writes one JSON object a line to stdout, at once: a line is not lost when the process ends. */
export function createLogger(): Logger {
  return pino({
    base: { app: 'express-api' },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  })
}
