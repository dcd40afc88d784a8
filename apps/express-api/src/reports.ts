import type { Report } from '@stagecraft/report'
import { limitInFlight, Problem, parseJson } from '@stagecraft/service'
import { type RequestHandler, type Response, Router } from 'express'
import { jsonText } from './json-body.ts'
import { readPageRequest } from './paging.ts'
import type { Kept, Store } from './store.ts'
import { allowOnly } from './unrouted.ts'

/** The routes under `/api`. */
export function reportRoutes(store: Store): Router {
  const router = Router()
  // Sixteen documents of 2 MiB, as bytes and as text, fit several times into a container of 256 MB.
  const count = limitInFlight(16)
  const documents: RequestHandler = (_request, response, next) => {
    count(response)
    next()
  }

  router
    .route('/reports')
    .get(({ query }, response) => {
      response.json(store.list(readPageRequest(query)))
    })
    .post(documents, ...jsonText, async ({ body }, response) => {
      const schema = await loadSchema()
      // No await from here on: parsed, a hostile document takes 50 times its size, so there is one at a time.
      const summary = store.add(readReport(schema, body), body)
      response.status(201).location(`/api/reports/${summary.id}`).json(summary)
    })
    .all(allowOnly('GET', 'HEAD', 'POST'))

  router
    .route('/reports/latest')
    .get(documents, (_request, response) => {
      const latest = store.latest()
      if (!latest) throw new Problem(404, 'There is no report yet')
      send(response.set('Content-Location', `/api/reports/${latest.id}`), latest)
    })
    .all(allowOnly('GET', 'HEAD'))

  router
    .route('/reports/:id')
    .get(documents, ({ params: { id } }, response) => {
      const report = store.get(toId(id))
      if (!report) throw noReport(id)
      send(response, report)
    })
    .put(documents, ...jsonText, async ({ params: { id }, body }, response) => {
      const schema = await loadSchema()
      // No await from here on, as above.
      const summary = store.replace(toId(id), readReport(schema, body), body)
      if (!summary) throw noReport(id)
      if (summary === 'over')
        throw new Problem(409, `Report ${id} runs no longer, and the document is another one`)
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

/** A report's id; 0, which none has, for a text that is no id. */
function toId(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}

function noReport(id: string): Problem {
  return new Problem(404, `There is no report ${id}`)
}

/** Whoever follows a running report asks for it again and again: Express answers 304 as long as it stays the same. */
function send(response: Response, { document, changedAt }: Kept): void {
  response.set({ 'Cache-Control': 'no-cache', 'Last-Modified': new Date(changedAt).toUTCString() })
  response.type('json').send(document)
}

function readReport({ isReport, reportProblems }: Schema, text: string): Report {
  const value = parseJson(text)
  if (isReport(value)) return value
  throw new Problem(422, 'The document is not a report', { extras: { errors: reportProblems(value) } })
}

type Schema = typeof import('@stagecraft/report')

/** Loading the schema and compiling it takes longer than everything else at start: `main.ts` does it once it listens. */
export function loadSchema(): Promise<Schema> {
  return import('@stagecraft/report')
}
