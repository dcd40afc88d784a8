import { createServer } from 'node:http'
import { sum } from './sum.js'

createServer((_, response) => {
  response.end(`2 + 3 = ${sum(2, 3)}\n`)
}).listen(8080)
