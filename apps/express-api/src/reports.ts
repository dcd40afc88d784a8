import { limitInFlight, Problem, parseJson } from '@stagecraft/service'
import { type RequestHandler, Router } from 'express'
import { jsonText } from './json-body.ts'
import { readPageRequest } from './paging.ts'
import type { Store } from './store.ts'
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
      const { isReport, reportProblems } = await loadSchema()
      // No await from here on: parsed, a hostile document takes 50 times its size, so there is one at a time.
      const value = parseJson(body)
      if (!isReport(value))
        throw new Problem(422, 'The document is not a report', {
          extras: { errors: reportProblems(value) },
        })
      const summary = store.add(value, body)
      response.status(201).location(`/api/reports/${summary.id}`).json(summary)
    })
    .all(allowOnly('GET', 'HEAD', 'POST'))

  router
    .route('/reports/latest')
    .get(documents, (_request, response) => {
      const latest = store.latest()
      if (!latest) throw new Problem(404, 'There is no report yet')
      response.set('Content-Location', `/api/reports/${latest.id}`).type('json').send(latest.document)
    })
    .all(allowOnly('GET', 'HEAD'))

  router
    .route('/reports/:id')
    .get(documents, ({ params: { id } }, response) => {
      const document = /^[1-9]\d{0,14}$/.test(id) ? store.document(Number(id)) : undefined
      if (document === undefined) throw new Problem(404, `There is no report ${id}`)
      response.type('json').send(document)
    })
    .all(allowOnly('GET', 'HEAD'))

  router
    .route('/images/:app/:variant/history')
    .get(({ params: { app, variant }, query }, response) => {
      response.json(store.history(app, variant, readPageRequest(query)))
    })
    .all(allowOnly('GET', 'HEAD'))

  return router
}

/** Loading the schema and compiling it takes longer than everything else at start: `main.ts` does it once it listens. */
export function loadSchema(): Promise<typeof import('@stagecraft/report')> {
  return import('@stagecraft/report')
}
