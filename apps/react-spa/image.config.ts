const html = 'text/html'
const json = 'application/json'
const problem = 'application/problem+json'

/** How the contract asks this app's images; packages/contract/src/config.ts says what each part means. */
export default {
  port: 8080,
  ready: '/healthz',
  budget: { prod: 0.8, distroless: 7.2 },
  headTimeout: 8,
  routes: [
    { path: '/', status: 200, type: html },
    { path: '/images/express-api/prod', status: 200, type: html },
    { path: '/assets/missing.js', status: 404 },
    { path: '/favicon.svg', status: 200, type: 'image/svg+xml' },
    {
      path: '/config.json',
      status: 200,
      type: json,
      json: { reports: '', analyzer: '' },
    },
    { path: '/healthz', status: 200, type: json, json: { status: 'live' } },
    // The contract starts an image by itself: there is no API behind it.
    { path: '/api/reports', status: 502, type: problem, json: { status: 502 } },
  ],
}
