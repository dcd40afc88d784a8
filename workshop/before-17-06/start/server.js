// Greets.
import { createServer } from 'node:http'

createServer((_, response) => {
  response.end('Hello, out of one stage or another.\n')
}).listen(8080)
