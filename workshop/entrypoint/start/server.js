// Greets over HTTP on port 8080: node server.js --name Ana
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { name: { type: 'string', default: 'nobody' } } })
const server = createServer((_, response) => response.end(`Hello, ${values.name}!`))
server.listen(8080, () => console.log(`greeting ${values.name}`))
process.on('SIGTERM', () => {
  server.closeAllConnections()
  server.close()
})
