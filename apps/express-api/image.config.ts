import { sampleReport } from '@stagecraft/report/test/sample'
import manifest from './package.json' with { type: 'json' }

const report = sampleReport()
// Older than the report, so that it is never the latest.
const running = sampleReport({ createdAt: '2026-01-30T12:00:00Z', state: 'running', images: [] })
const json = 'application/json'
const problem = 'application/problem+json'

/** How the contract asks this app's images; packages/contract/src/config.ts says what each part means. */
export default {
  port: 8080,
  ready: '/readyz',
  budget: { prod: 1.3, distroless: 1.3 },
  headTimeout: 16,
  routes: [
    { path: '/', status: 200, type: json, json: { name: 'express-api', version: manifest.version } },
    { path: '/healthz', status: 200, type: json, json: { status: 'live' } },
    { path: '/readyz', status: 200, type: json, json: { status: 'ready' } },
    // The checks ask all this of a container more than once: every time the first report is made whole by the same document.
    { method: 'POST', path: '/api/reports', body: running, status: 201, json: { state: 'running' } },
    { method: 'PUT', path: '/api/reports/1', body: report, status: 200, type: json, json: { state: 'done' } },
    { method: 'PUT', path: '/api/reports/1', body: running, status: 409, type: problem },
    { method: 'PUT', path: '/api/reports/999999', body: report, status: 404, type: problem },
    { method: 'POST', path: '/api/reports', body: report, status: 201, type: json, json: { images: 1 } },
    { method: 'POST', path: '/api/reports', body: { ...report, images: [] }, status: 422, type: problem },
    {
      method: 'POST',
      path: '/api/reports',
      headers: { 'content-type': json },
      body: '{"schemaVersion":',
      status: 400,
      type: problem,
    },
    { method: 'DELETE', path: '/api/reports', status: 405, type: problem },
    { path: '/api/reports', status: 200, type: json },
    { path: '/api/reports/latest', status: 200, type: json, json: report },
    { path: '/api/reports/1', status: 200, type: json, json: report },
    { path: '/api/reports/999999', status: 404, type: problem, json: { status: 404 } },
    { path: '/api/images/express-api/prod/history?limit=1', status: 200, type: json },
  ],
  inFlight: { method: 'POST', path: '/api/reports', body: report, status: 201 },
  writable: ['/data'],
}
