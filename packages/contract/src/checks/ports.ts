import { runBeside } from '@stagecraft/engine'
import { findBase } from '../base.ts'
import { inSharedContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'

/** A listening socket, `port` as `8080/tcp`. */
export interface Listener {
  port: string
  /** Reachable from inside the container only. */
  loopback: boolean
}

export const ports: Check = {
  id: 'ports',
  promise: 'listens on exactly the ports that its Dockerfile EXPOSEs',
  check: (subject) =>
    inSharedContainer(ports, subject, async ({ handle }) => {
      const { Config } = await subject.inspect()
      const exposed = new Set(Object.keys(Config.ExposedPorts ?? {}))
      const inherited = (await findBase(subject))?.Config.ExposedPorts ?? {}
      let problems: string[] = []
      // The kernel may leave out lines of a table that changes while it is read.
      for (let look = 0; look < 3; look++) {
        const tables = await runBeside('cd /proc/net && grep -H : tcp tcp6 udp udp6', {
          NetworkMode: `container:${handle.id}`,
        })
        problems = differences(parseListeners(tables), exposed, inherited)
        if (problems.length === 0) return
      }
      throw new BrokenPromise(
        ports,
        problems.join('; '),
        'EXPOSE in the Dockerfile, and the address and port that the app listens on',
      )
    }),
}

/** How what listens differs from what is EXPOSEd, here or by the base, whose ports no instruction takes back. */
function differences(
  listeners: readonly Listener[],
  exposed: ReadonlySet<string>,
  inherited: Readonly<Record<string, unknown>>,
): string[] {
  const open = new Set(listeners.filter(({ loopback }) => !loopback).map(({ port }) => port))
  const loopback = new Set(listeners.filter((each) => each.loopback).map(({ port }) => port))
  return [
    ...[...open].filter((port) => !exposed.has(port)).map((port) => `it listens on ${port} without EXPOSE`),
    ...[...exposed]
      .filter((port) => !open.has(port) && !(port in inherited))
      .map((port) =>
        loopback.has(port)
          ? `it EXPOSEs ${port} but listens there on loopback only`
          : `it EXPOSEs ${port} but does not listen there`,
      ),
  ]
}

/**
 * The listening sockets in lines of `/proc/net/{tcp,tcp6,udp,udp6}`, each behind its table's name and a colon
 * (proc_pid_net(5)). The DNS server that Docker puts at 127.0.0.11 is left out.
 */
export function parseListeners(tables: string): Listener[] {
  return tables.split('\n').flatMap((line) => {
    const [, table, address = '', hexPort = '', state] =
      /^(tcp|udp)6?:\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? []
    // 0A is LISTEN, 07 a UDP socket without a peer.
    if (!table || state !== (table === 'tcp' ? '0A' : '07')) return []
    if (address === '0B00007F') return []
    return [{ port: `${Number.parseInt(hexPort, 16)}/${table}`, loopback: isLoopback(address) }]
  })
}

/** Of an address as the kernel prints it: 32-bit words in the machine's order, here little-endian. */
function isLoopback(address: string): boolean {
  if (address.length === 8) return address.endsWith('7F')
  const mapped = address.startsWith('0000000000000000FFFF0000') && address.endsWith('7F')
  return mapped || address === '00000000000000000000000001000000'
}
