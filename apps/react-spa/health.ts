/**
 * The health check of images without a shell: `node health.js` exits 0 when the service answers within 2 s, else 1.
 * It imports nothing but node:http, so that it starts fast.
 */
import { get } from 'node:http'

const request = get({
  host: '127.0.0.1',
  port: process.env.PORT || 8080,
  path: '/healthz',
  signal: AbortSignal.timeout(2000),
})
request.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
request.on('error', ({ message }) => {
  console.error(message)
  process.exit(1)
})
