import { within } from '@stagecraft/engine'
import { inContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { type Connection, open, problemOfGet } from './connection.ts'
import { askedOf, head, host } from './requests.ts'
import { unharmed } from './unharmed.ts'

const count = 50
/** Milliseconds from the signal to the end, as `docker stop` gives. */
const deadline = 10_000

export const slowClients: Check = {
  id: 'slow-clients',
  promise: `answers others while ${count} clients send nothing, half a head or half a body; closes half heads after \`headTimeout\` if image.config.ts has one; ends within ${deadline / 1000} s of SIGTERM although they stay`,
  appliesTo: ['prod'],
  async check(subject) {
    const { ready, headTimeout } = subject.config
    const { get, post, body } = askedOf(subject.config)
    const { Config } = await subject.inspect()
    const signal = Config.StopSignal ?? 'SIGTERM'
    const half = body.slice(0, body.length >> 1)
    const beginnings = [
      '',
      `${get}\r\n${host}\r\n`,
      head(...post, `Content-Length: ${Buffer.byteLength(body)}`) + half,
    ]

    await inContainer(slowClients, subject.takeContainer('limited'), async (container) => {
      using clients = new DisposableStack()
      const halfHeads: Connection[] = []
      const problems = await unharmed(container, ready, async () => {
        const found: string[] = []
        for (let index = 0; index < count; index++) {
          const client = clients.use(await open(container.url))
          const kind = index % beginnings.length
          client.socket.write(beginnings[kind] ?? '')
          if (kind === 1) halfHeads.push(client)
        }
        for (let index = 0; index < 20 && found.length === 0; index++) {
          const problem = await problemOfGet(container.url, ready)
          if (problem) found.push(`beside ${count} slow clients ${problem}`)
        }
        if (headTimeout !== undefined) {
          const closed = Promise.all(halfHeads.map((client) => client.closed))
          if (!(await within(headTimeout * 1000, closed)))
            found.push(`half a head is still waited for after ${headTimeout} s`)
        }
        return found
      })
      const exit = container.handle.wait()
      await container.handle.kill({ signal })
      if (!(await within(deadline, exit)))
        problems.push(`with slow clients it is still running ${deadline / 1000} s after ${signal}`)
      if (problems.length > 0)
        throw new BrokenPromise(
          slowClients,
          problems.join('; '),
          "the server's threads or connections, its timeouts, and how long it waits for connections when it stops",
        )
    })
  },
}
