const json = 'application/json'

/** How the contract asks this app's images; packages/contract/src/image-config.ts says what each part means. */
export default {
  port: 8000,
  ready: '/readyz',
  budget: { prod: 8.1, distroless: 8.1 },
  routes: [
    { path: '/', status: 200, type: json, json: { message: '¡Hola desde FastAPI en Docker Multi-stage!' } },
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
    // FastAPI answers 422 to whatever is not the JSON that it asks for.
    {
      method: 'POST',
      path: '/echo',
      headers: { 'content-type': json },
      body: '{"message":',
      status: 422,
      type: json,
    },
    { method: 'POST', path: '/echo', headers: { 'content-type': 'text/html' }, body: '', status: 422 },
    { method: 'GET', path: '/echo', status: 405, type: json },
  ],
  inFlight: { method: 'POST', path: '/echo', body: { message: '¡Olé!' }, status: 200 },
}
