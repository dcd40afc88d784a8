import type { ServerResponse } from 'node:http'
import { Problem } from './problem.ts'

/**
 * Counts a response until it is closed, and refuses it while `max` others are open. It bounds the memory that slow
 * clients can hold with documents half sent or half received, which a bound on connections alone does not.
 * @throws Problem 503
 */
export function limitInFlight(max: number): (response: ServerResponse) => void {
  let inFlight = 0
  return (response) => {
    if (inFlight >= max)
      throw new Problem(503, `${max} documents are under way already`, { headers: { 'Retry-After': '1' } })
    inFlight++
    response.once('close', () => {
      inFlight--
    })
  }
}
