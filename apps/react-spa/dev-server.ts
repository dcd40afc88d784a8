import { createLogger, type Plugin, type ProxyOptions } from 'vite'
import { isPage } from './pages.ts'

const { env } = process

/** What nginx does in the other images: the same pages, services and health, and a log in JSON. */
export function likeNginx(): Plugin {
  const documents: Record<string, unknown> = {
    '/healthz': { status: 'live' },
    '/config.json': { reports: env.REPORTS_URL ?? '', analyzer: env.ANALYZER_URL ?? '' },
  }
  return {
    name: 'like-nginx',
    apply: 'serve',
    config: () => ({
      // Without a fallback to index.html: an unknown path is a 404.
      appType: 'mpa',
      customLogger: createLogger(env.LOG_LEVEL === 'error' ? 'error' : 'info', { console: jsonConsole }),
      server: {
        host: env.HOST || true,
        port: Number(env.PORT || 8080),
        strictPort: true,
        proxy: {
          '/api/': proxyTo(env.REPORTS_API ?? 'http://express-api:8080'),
          '/analyze': proxyTo(env.ANALYZER_API ?? 'http://fastify-service:8080'),
        },
      },
    }),
    configureServer({ middlewares }) {
      // Vite exits with 143 on SIGTERM unless there is an exit code.
      process.exitCode = 0
      middlewares.use((request, response, next) => {
        const [path = ''] = (request.url ?? '').split('?')
        if (path in documents) {
          response.setHeader('Content-Type', 'application/json')
          response.end(JSON.stringify(documents[path]))
          return
        }
        if (isPage(path)) request.url = '/index.html'
        next()
      })
    },
  }
}

const print = (level: string) => (msg: string) => console.log(JSON.stringify({ level, msg }))
const jsonConsole = { ...console, log: print('info'), warn: print('warn'), error: print('error') }

function proxyTo(target: string): ProxyOptions {
  return {
    target,
    configure(proxy) {
      proxy.on('error', (_error, _request, response) => {
        if (!('writeHead' in response) || response.headersSent) return
        response.writeHead(502, { 'Content-Type': 'application/problem+json' })
        response.end(
          JSON.stringify({ status: 502, detail: 'The service behind this address does not answer' }),
        )
      })
    },
  }
}
