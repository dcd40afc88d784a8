const json = 'application/json'

/** How the contract asks this app's images; packages/contract/src/image-config.ts says what each part means. */
export default {
  port: 8080,
  ready: '/readyz',
  budget: { prod: 3.7, scratch: 3.7 },
  headTimeout: 11,
  routes: [
    { path: '/', status: 200, type: json, json: { message: '¡Hola desde Go en Docker Multi-stage!' } },
    { path: '/healthz', status: 200, type: json, json: { status: 'live' } },
    { path: '/readyz', status: 200, type: json, json: { status: 'ready' } },
    {
      method: 'POST',
      path: '/echo',
      body: { message: '¡Olé!', repeat: 2 },
      status: 200,
      type: json,
      json: { message: '¡Olé!¡Olé!', length: 10 },
    },
    { method: 'POST', path: '/echo', body: { message: 1 }, status: 400 },
    { method: 'POST', path: '/echo', body: { message: 'a', repeat: 11 }, status: 422 },
    { method: 'POST', path: '/echo', body: { message: 'a', unknown: 1 }, status: 400 },
    { method: 'POST', path: '/echo', headers: { 'content-type': json }, body: '{"message":', status: 400 },
    { method: 'POST', path: '/echo', body: { message: 'a'.repeat(70_000) }, status: 413 },
    { method: 'GET', path: '/echo', status: 405 },
  ],
  inFlight: { method: 'POST', path: '/echo', body: { message: '¡Olé!' }, status: 200 },
  excused: {
    dev: {
      'read-only': 'It compiles when it starts, and writes what it compiled.',
      logs: 'It compiles when it starts, and writes what it compiled.',
    },
  },
}
