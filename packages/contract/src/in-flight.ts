import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { within } from '@stagecraft/engine'
import type { ImageConfig } from './image-config.ts'
import { payload } from './routes.ts'

/** Milliseconds that an answer may take once everything is sent. */
const deadline = 5000

/** Sends a request's head and half its body, and waits until the app has taken it up. */
export async function sendHalf(
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
