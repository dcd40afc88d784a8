import manifest from './package.json' with { type: 'json' }

const json = 'application/json'
const problem = 'application/problem+json'
const text = { 'content-type': 'text/plain' }

const dockerfile =
  'FROM node:24 AS build\nCOPY src src\nRUN npm test\nFROM scratch\nCOPY --from=build /src /\n'

/** How the contract asks this app's images; packages/contract/src/config.ts says what each part means. */
export default {
  port: 8080,
  ready: '/readyz',
  budget: { prod: 3.4, distroless: 3.4 },
  headTimeout: 16,
  routes: [
    { path: '/', status: 200, type: json, json: { name: 'fastify-service', version: manifest.version } },
    { path: '/healthz', status: 200, type: json, json: { status: 'live' } },
    { path: '/readyz', status: 200, type: json, json: { status: 'ready' } },
    { path: '/openapi.json', status: 200, type: json, json: { info: { title: 'fastify-service' } } },
    { path: '/docs', status: 200, type: 'text/html' },
    { path: '/docs/static/swagger-ui-bundle.js', status: 200, type: 'application/javascript' },
    {
      method: 'POST',
      path: '/analyze',
      headers: text,
      body: dockerfile,
      status: 200,
      type: json,
      json: { target: 1, stages: [{ name: 'build' }, { from: { scratch: true } }] },
    },
    {
      method: 'POST',
      path: '/analyze',
      body: { dockerfile, target: 'build', changed: ['src/main.ts'] },
      status: 200,
      type: json,
      json: { target: 0 },
    },
    {
      method: 'POST',
      path: '/analyze',
      headers: text,
      body: 'FROM scratch\nRUN <<EOF\ntrue\n',
      status: 422,
      type: problem,
      json: { code: 'syntax', line: 2 },
    },
    { method: 'POST', path: '/analyze', body: { dockerfile: 1 }, status: 422, type: problem },
    {
      method: 'POST',
      path: '/analyze',
      headers: { 'content-type': json },
      body: '{"dockerfile":',
      status: 400,
      type: problem,
    },
    { method: 'POST', path: '/analyze', headers: { 'content-type': 'text/html' }, body: '', status: 415 },
    { method: 'POST', path: '/analyze', status: 400, type: problem },
    { method: 'GET', path: '/analyze', status: 405, type: problem },
  ],
  inFlight: { method: 'POST', path: '/analyze', headers: text, body: dockerfile, status: 200 },
}
