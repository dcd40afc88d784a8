import type { Report } from '@stagecraft/report'
import { isReport } from '@stagecraft/report/is-report'
import { type RequestHandler, type Response, Router, text } from 'express'
import createError from 'http-errors'
import { allowOnly } from './errors.ts'
import { readPageRequest } from './paging.ts'
import type { Kept, Store } from './store.ts'

/** The largest body that is read, in bytes, after decompression. */
export const maxBodyBytes = 2 * 1024 * 1024

/** How deep a document may be nested. */
const maxDepth = 64

const jsonText = text({ type: 'application/json', limit: maxBodyBytes })

/** The routes under `/api`. */
export function reportRoutes(store: Store): Router {
  const router = Router()
  // Sixteen documents of 2 MiB, as bytes and as text, fit several times into a container of 256 MB.
  const bounded = limitInFlight(16)

  router
    .route('/reports')
    .get(({ query }, response) => {
      response.json(store.list(readPageRequest(query)))
    })
    .post(bounded, jsonText, async ({ body }, response) => {
      const summary = store.add(await readReport(body), body)
      response.status(201).location(`/api/reports/${summary.id}`).json(summary)
    })
    .all(allowOnly('GET', 'HEAD', 'POST'))

  router
    .route('/reports/latest')
    .get(bounded, (_request, response) => {
      const latest = store.latest()
      if (!latest) throw createError(404, 'There is no report yet')
      send(response.set('Content-Location', `/api/reports/${latest.id}`), latest)
    })
    .all(allowOnly('GET', 'HEAD'))

  router
    .route('/reports/:id')
    .get(bounded, ({ params: { id } }, response) => {
      const report = store.get(toId(id))
      if (!report) throw noReport(id)
      send(response, report)
    })
    .put(bounded, jsonText, async ({ params: { id }, body }, response) => {
      const summary = store.replace(toId(id), await readReport(body), body)
      if (!summary) throw noReport(id)
      if (summary === 'over')
        throw createError(409, `Report ${id} runs no longer, and the document is another one`)
      response.json(summary)
    })
    .all(allowOnly('GET', 'HEAD', 'PUT'))

  router
    .route('/images/:app/:variant/history')
    .get(({ params: { app, variant }, query }, response) => {
      response.json(store.history(app, variant, readPageRequest(query)))
    })
    .all(allowOnly('GET', 'HEAD'))

  return router
}

/** Refuses a request while `max` others are under way: it bounds the memory that slow clients can hold. */
function limitInFlight(max: number): RequestHandler {
  let inFlight = 0
  return (_request, response, next) => {
    if (inFlight >= max)
      throw createError(503, `${max} documents are under way already`, {
        expose: true,
        headers: { 'Retry-After': '1' },
      })
    inFlight++
    response.once('close', () => {
      inFlight--
    })
    next()
  }
}

/** A report's id; 0, which none has, for a text that is no id. */
function toId(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}

function noReport(id: string): Error {
  return createError(404, `There is no report ${id}`)
}

/** Whoever follows a running report asks for it again and again: Express answers 304 as long as it stays the same. */
function send(response: Response, { document, changedAt }: Kept): void {
  response.set({ 'Cache-Control': 'no-cache', 'Last-Modified': new Date(changedAt).toUTCString() })
  response.type('json').send(document)
}

/** @throws HttpError 415, 400 or 422 */
async function readReport(body: unknown): Promise<Report> {
  if (typeof body !== 'string') throw createError(415, 'The body must be application/json')
  const report = parseReport(body)
  if (report) return report
  // Loaded here alone: what finds every mistake takes longer to load than the whole service to start. Parsed again, since
  // a hostile document takes 50 times its size when it is parsed, and many may be waiting here.
  const { reportProblems } = await import('@stagecraft/report')
  throw createError(422, 'The document is not a report', { errors: reportProblems(parse(body)) })
}

function parseReport(text: string): Report | undefined {
  const value = parse(text)
  return isReport(value) ? value : undefined
}

function parse(text: string): unknown {
  if (isTooDeep(text)) throw createError(400, `The body is nested deeper than ${maxDepth} levels`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw createError(400, `The body is not JSON: ${(error as SyntaxError).message}`)
  }
}

/** Of each level, JSON.parse() would keep 100 bytes: a body that is all brackets would need more than the container has. */
function isTooDeep(json: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < json.length; index++) {
    const char = json[index]
    if (char === '"') inString = !inString
    else if (inString) index += char === '\\' ? 1 : 0
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    if (depth > maxDepth) return true
  }
  return false
}
