// The probe of HEALTHCHECK: exits with 0 when the service answers. An image without a shell has no curl. `fetch` would take
// twice the time, and a timeout is the engine's to keep.
import { get } from 'node:http'

get(`http://127.0.0.1:${process.env.PORT ?? 3000}/healthz`, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
