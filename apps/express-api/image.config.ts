import { sampleReport } from '@stagecraft/report/test/sample'

const report = sampleReport()
const json = 'application/json'
const problem = 'application/problem+json'

/** How the contract asks this app's images; packages/contract/src/config.ts says what each part means. */
export default {
  port: 8080,
  ready: '/readyz',
  routes: [
    { path: '/', status: 200, type: json, json: { name: 'express-api', variant: '{variant}' } },
    { path: '/healthz', status: 200, type: json, json: { status: 'live' } },
    { path: '/readyz', status: 200, type: json, json: { status: 'ready' } },
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
