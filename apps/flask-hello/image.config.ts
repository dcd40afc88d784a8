const json = 'application/json'

/** How the contract asks this app's images; packages/contract/src/image-config.ts says what each part means. */
export default {
  port: 5000,
  ready: '/readyz',
  budget: { prod: 4.1, distroless: 4.1 },
  routes: [
    { path: '/', status: 200, type: json, json: { message: '¡Hola desde Flask en Docker Multi-stage!' } },
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
    { method: 'POST', path: '/echo', headers: { 'content-type': 'text/html' }, body: '', status: 415 },
    { method: 'GET', path: '/echo', status: 405, type: json },
  ],
  inFlight: { method: 'POST', path: '/echo', body: { message: '¡Olé!' }, status: 200 },
  excused: {
    prod: {
      'broken-chunks':
        'gunicorn finds them while the app reads the body, and to Flask that is an error of its own: 500.',
      'slow-clients':
        'gunicorn has a thread for each request, and waits for all of it: its documentation asks for a proxy that buffers.',
    },
  },
}
