import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { within } from '@stagecraft/engine'
import type { ImageConfig } from '../image-config.ts'
import { inContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { payload } from '../routes.ts'

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

/** Sends a request's head and half its body, and waits until the app has taken it up. */
async function sendHalf(
  url: string,
  { method, path, status: _, ...rest }: NonNullable<ImageConfig['inFlight']>,
) {
  const { text = '', headers } = payload(rest)
  const body = Buffer.from(text)
  const sent = request(url + path, {
    method,
    agent: new Agent(),
    // The server says when it is waiting for the body; one that never says so gets it all the same.
    headers: { ...headers, 'content-length': body.length, expect: '100-continue' },
  })
  const outcome = new Promise<string>((resolve) => {
    sent.once('response', ({ statusCode }) => resolve(String(statusCode)))
    sent.once('error', ({ message }) => resolve(`nothing (${message})`))
  })
  const taken = once(sent, 'continue')
  sent.flushHeaders()
  await within(1000, Promise.race([taken, outcome]))
  const half = body.length >> 1
  sent.write(body.subarray(0, half))

  return {
    /** @returns the status, or what came instead */
    async finish(): Promise<string> {
      sent.end(body.subarray(half))
      const answer = (await within(deadline, outcome)) ?? 'nothing'
      sent.destroy()
      return answer
    },
  }
}
