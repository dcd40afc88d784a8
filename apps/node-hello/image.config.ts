const json = 'application/json'

/** How the contract asks this app's images; packages/contract/src/config.ts says what each part means. */
export default {
  port: 3000,
  ready: '/readyz',
  budget: { prod: 1.1, distroless: 1.1 },
  routes: [
    {
      path: '/',
      status: 200,
      type: json,
      json: { message: '¡Hola desde Express en Docker Multi-stage!' },
    },
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
    { method: 'POST', path: '/echo', body: { message: 1 }, status: 422, type: json },
    {
      method: 'POST',
      path: '/echo',
      headers: { 'content-type': json },
      body: '{"message":',
      status: 400,
      type: json,
    },
  ],
  inFlight: { method: 'POST', path: '/echo', body: { message: '¡Olé!' }, status: 200 },
}
