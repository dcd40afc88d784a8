// Serves dist/ on port 80. The pages of the app are all index.html; what is missing in assets/ is a 404.
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'

const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const file = pathname.startsWith('/assets/') ? `dist${pathname}` : 'dist/index.html'
  if (!existsSync(file)) return response.writeHead(404).end('not found\n')
  response.setHeader('content-type', types[file.split('.').pop()] ?? 'application/octet-stream')
  createReadStream(file).pipe(response)
})
server.listen(80)
process.on('SIGTERM', () => server.close(() => process.exit()))
