import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from '@stagecraft/report'

/** Sends a report that grows to express-api. */
export interface Publisher {
  /** Sends the report as it is now; of several within half a second, the last. */
  send(report: Report): void
  /** Settles when the last one has arrived. @throws Error when it was not taken */
  settle(): Promise<void>
}

/** Milliseconds between two requests. */
const pause = 500

/**
 * Makes a publisher: the report is posted once, then put in its place whenever it has grown. An API that does not answer
 * for a while costs nothing but what it would have shown meanwhile.
 * @param url of the API or of a page that passes requests on to it, without a trailing slash
 */
export function publisher(url: string): Publisher {
  let place: string | undefined
  let next: string | undefined
  let failure: Error | undefined
  let sending: Promise<void> | undefined

  const request = async (body: string): Promise<void> => {
    const response = await fetch(url + (place ?? '/api/reports'), {
      method: place ? 'PUT' : 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`express-api answered ${response.status}: ${await response.text()}`)
    place ??= response.headers.get('location') ?? undefined
    await response.body?.cancel()
  }
  const sendAll = async (): Promise<void> => {
    while (next !== undefined) {
      const body = next
      next = undefined
      failure = await request(body).then(
        () => undefined,
        (error: Error) => error,
      )
      if (next !== undefined) await sleep(pause)
    }
    sending = undefined
  }

  return {
    send(report) {
      next = JSON.stringify(report)
      sending ??= sendAll()
    },
    async settle() {
      await sending
      if (failure) throw failure
    },
  }
}
