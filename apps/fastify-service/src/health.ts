// The image's health check, where there may be no curl: it fails unless the service answers. `fetch` would take twice the time.
import { get } from 'node:http'

get(`http://127.0.0.1:${process.env.PORT || 8080}/healthz`, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
