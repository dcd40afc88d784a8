// Starts a container that would run for long, says that it runs, and waits to be killed.
import { engine, removedWithThisProcess } from '@stagecraft/engine'

const container = await (await engine()).createContainer({
  Image: 'node:26-trixie-slim',
  Cmd: ['sleep', '600'],
  Labels: removedWithThisProcess(),
  Volumes: { '/data': {} },
})
await container.start()
console.log(container.id)
process.stdin.resume()
