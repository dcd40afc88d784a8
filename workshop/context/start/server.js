import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const pages = {
  '/': readFileSync('public/index.html'),
  '/help': readFileSync('docs/help.md'),
}

createServer(({ url }, response) => {
  const page = pages[url]
  response.writeHead(page ? 200 : 404).end(page)
}).listen(8080)
