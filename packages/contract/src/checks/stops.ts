import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { within } from '@stagecraft/engine'
import { inContainer } from '../in-container.ts'
import { sendHalf } from '../in-flight.ts'
import { BrokenPromise, type Check } from '../model.ts'

/** Milliseconds from the signal to the exit. */
const deadline = 5000
/** Milliseconds within which idle connections are closed, while a request is still in flight. */
const idleDeadline = 3000
const requestsInFlight = 10

export const stops: Check = {
  id: 'stops',
  promise:
    'on SIGTERM finishes ten requests in flight, closes idle keep-alive sockets and exits 0 within 5 s',
  async check(subject) {
    const { config } = subject
    const { Config } = await subject.inspect()
    const signal = Config.StopSignal ?? 'SIGTERM'

    await inContainer(stops, subject.takeContainer(), async ({ url, handle }) => {
      using idle = await openIdle(url + config.ready)
      const wanted = config.inFlight
        ? Array<typeof config.inFlight>(requestsInFlight).fill(config.inFlight)
        : []
      const inFlight = await Promise.all(wanted.map((request) => sendHalf(url, request)))
      const problems: string[] = []

      const exit = handle.wait() as Promise<{ StatusCode: number }>
      await handle.kill({ signal })
      const ended = within(deadline, exit)
      if (!(await within(idleDeadline, idle.closed)))
        problems.push(`an idle keep-alive connection was still open ${idleDeadline / 1000} s after ${signal}`)
      const answers = await Promise.all(inFlight.map((request) => request.finish()))
      const lost = answers.filter((answer) => answer !== String(config.inFlight?.status))
      if (lost.length > 0)
        problems.push(
          `${lost.length} of ${answers.length} requests in flight were answered ${[...new Set(lost)].join(', ')} instead of ${config.inFlight?.status}`,
        )
      const end = await ended
      if (!end) problems.push(`it was still running ${deadline / 1000} s after ${signal}`)
      else if (end.StatusCode !== 0) problems.push(`it exited with code ${end.StatusCode} on ${signal}`)

      if (problems.length > 0)
        throw new BrokenPromise(
          stops,
          problems.join('; '),
          "CMD in exec form, so that the app itself gets the signal, and the app's handler for it",
        )
    })
  },
}

/** A connection over which one request was answered, and that is kept. */
async function openIdle(url: string): Promise<{ closed: Promise<true> } & Disposable> {
  const agent = new Agent({ keepAlive: true })
  const sent = request(url, { agent })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const { socket } = response
  const closed = new Promise<true>((resolve) => socket.once('close', () => resolve(true)))
  response.resume()
  await once(response, 'end')
  return { closed, [Symbol.dispose]: () => agent.destroy() }
}
