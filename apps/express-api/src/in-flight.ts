import type { RequestHandler } from 'express'
import { Problem } from './problems.ts'

/**
 * Answers 503 while `max` requests behind this handler are unfinished. It bounds the memory that slow clients can hold
 * with documents half sent or half received, which a bound on connections alone does not.
 */
export function limitInFlight(max: number): RequestHandler {
  let inFlight = 0
  return (_request, response, next) => {
    if (inFlight >= max)
      throw new Problem(503, `${max} documents are under way already`, { headers: { 'Retry-After': '1' } })
    inFlight++
    response.once('close', () => {
      inFlight--
    })
    next()
  }
}
