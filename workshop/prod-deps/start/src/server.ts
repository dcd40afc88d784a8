import { createServer, type ServerResponse } from 'node:http'
import ms from 'ms'

const started: number = Date.now()

createServer((_, response: ServerResponse) => {
  response.end(`up for ${ms(Date.now() - started)}\n`)
}).listen(8080)
