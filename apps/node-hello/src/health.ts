// The probe of HEALTHCHECK: exits with 0 when the service answers. An image without a shell has no curl.
const port = process.env.PORT ?? 3000
const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) })
process.exit(response.ok ? 0 : 1)
