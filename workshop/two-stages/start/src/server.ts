import { createServer, type ServerResponse } from 'node:http'

const greeting: string = 'Compiled from TypeScript.\n'

createServer((_, response: ServerResponse) => {
  response.end(greeting)
}).listen(8080)
