import { createServer } from 'node:http'
import ms from 'ms'

const started = Date.now()

createServer((_, response) => {
  response.end(`version ${process.env.VERSION}, up for ${ms(Date.now() - started)}\n`)
}).listen(8080)
