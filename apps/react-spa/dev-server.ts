import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createLogger as createJsonLogger,
  problemBody,
  problemType,
  readServiceConfig,
  requestLog,
  runService,
  StartError,
} from '@stagecraft/service'
import { createServer, type Logger, type Plugin, type ProxyOptions } from 'vite'
import { isPage } from './pages.ts'

const { env } = process
const logger = createJsonLogger('react-spa')

/** Vite's own messages, as lines of JSON. */
const viteLogger: Logger = {
  hasWarned: false,
  info: (message) => logger.info(message),
  warn: (message) => logger.warn(message),
  warnOnce: (message) => logger.warn(message),
  error: (message) => logger.error(message),
  clearScreen: () => {},
  hasErrorLogged: () => false,
}

/** What nginx does in the other images: pages by their names, `/config.json` from the environment, health. */
function likeNginx(variant: string): Plugin {
  const documents: Record<string, unknown> = {
    '/healthz': { status: 'live' },
    '/config.json': { variant, reports: env.REPORTS_URL ?? '', analyzer: env.ANALYZER_URL ?? '' },
  }
  return {
    name: 'like-nginx',
    configureServer({ middlewares }) {
      middlewares.use(requestLog(logger))
      middlewares.use((request, response, next) => {
        const [path = ''] = (request.url ?? '').split('?')
        if (path in documents) {
          response.setHeader('Content-Type', 'application/json')
          response.setHeader('Cache-Control', 'no-cache')
          response.end(JSON.stringify(documents[path]))
          return
        }
        if (isPage(path)) request.url = '/index.html'
        next()
      })
    },
  }
}

function proxyTo(target: string): ProxyOptions {
  return {
    target,
    configure(proxy) {
      proxy.on('error', (_error, _request, response) => {
        if (!('writeHead' in response) || response.headersSent) return
        response.writeHead(502, { 'Content-Type': problemType })
        response.end(problemBody(502, 'The service behind this address cannot be reached'))
      })
    },
  }
}

await runService(logger, async () => {
  const { port, host, logLevel, variant } = readServiceConfig(env)
  logger.level = logLevel
  // Vite's own server would answer SIGTERM with exit code 143.
  const http = createHttpServer()
  const vite = await createServer({
    root: import.meta.dirname,
    // Any other would write the configuration, compiled, beside it; and the sources may be read-only.
    configLoader: 'native',
    cacheDir: join(tmpdir(), 'stagecraft-vite'),
    // Without a fallback to index.html: an unknown path is a 404.
    appType: 'mpa',
    customLogger: viteLogger,
    plugins: [likeNginx(variant)],
    server: {
      middlewareMode: { server: http },
      hmr: { server: http },
      proxy: {
        '/api/': proxyTo(env.REPORTS_API ?? 'http://127.0.0.1:8081'),
        '/analyze': proxyTo(env.ANALYZER_API ?? 'http://127.0.0.1:8082'),
      },
    },
  })
  http.on('request', vite.middlewares).listen({ port, host })
  await once(http, 'listening').catch((error: Error) => {
    throw new StartError(`Cannot listen: ${error.message}. Set PORT and HOST to an address that is free here`)
  })
  logger.info({ port, variant }, 'listening')
  return {
    async stop() {
      await vite.close()
      http.close()
      http.closeAllConnections()
      return 0
    },
  }
})
