import express, { type ErrorRequestHandler } from 'express'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'

export const logger = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  // The error of a bad body holds the body.
  redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]', 'err.body'],
})

export const app = express()

app.disable('x-powered-by')
app.use(pinoHttp({ logger, autoLogging: { ignore: ({ url }) => url === '/healthz' || url === '/readyz' } }))
app.use(express.json({ limit: '64kb' }))

app.get('/', (_request, response) => {
  response.json({ message: '¡Hola desde Express en Docker Multi-stage!' })
})

app.get('/healthz', (_request, response) => {
  response.json({ status: 'live' })
})

app.get('/readyz', (_request, response) => {
  response.json({ status: 'ready' })
})

app.post('/echo', (request, response) => {
  const { message, repeat = 1 } = request.body ?? {}
  if (typeof message !== 'string' || message.length < 1 || message.length > 200) {
    response.status(422).json({ error: 'message must be a string of 1 to 200 characters' })
    return
  }
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > 10) {
    response.status(422).json({ error: 'repeat must be an integer from 1 to 10' })
    return
  }
  const repeated = message.repeat(repeat)
  response.json({ message: repeated, length: [...repeated].length })
})

app.use((_request, response) => {
  response.status(404).json({ error: 'Not found' })
})

const handleError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const { status = 500, message } = error
  // pino-http logs this with the request.
  response.err = error
  response.status(status).json({ error: status < 500 ? message : 'Internal server error' })
}
app.use(handleError)
