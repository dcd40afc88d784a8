// The image's health check, where there may be no curl: it fails unless the service answers.
const { ok } = await fetch(`http://127.0.0.1:${process.env.PORT || 8080}/healthz`)
process.exit(ok ? 0 : 1)
