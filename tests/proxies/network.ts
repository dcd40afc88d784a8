import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** What a build calls this machine, given this option. */
export const addHost = '--add-host=host.docker.internal:host-gateway'

/** A server that is both an HTTP proxy and a mirror that has nothing, and keeps what it was asked for. */
export interface Network extends AsyncDisposable {
  /** For builds with {@link addHost}. */
  url: string
  /** As `registry.npmjs.org:443`. */
  tunnels: string[]
  /** As `/npm.example.com/express`. */
  paths: string[]
}

export async function openNetwork(): Promise<Network> {
  const tunnels: string[] = []
  const paths: string[] = []
  const sockets = new Set<Duplex>()
  const server = createServer(({ url = '' }, response) => {
    paths.push(url)
    response.writeHead(404).end()
  })
  server.on('connect', ({ url = '' }, client, head) => {
    tunnels.push(url)
    const [host, port] = url.split(':')
    sockets.add(client)
    const remote = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      remote.write(head)
      remote.pipe(client).pipe(remote)
    })
    remote.on('error', () => client.destroy())
    client.on('error', () => {}).on('close', () => remote.destroy())
  })
  server.listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://host.docker.internal:${port}`,
    tunnels,
    paths,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      // The end of a container that is gone may never arrive.
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
