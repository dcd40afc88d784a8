import { request } from 'node:http'

/** Whether a GET is answered 200 within two seconds. Over a connection of its own, as from a stranger. */
export function answers(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const asked = request(url, { agent: false, timeout: 2000 }, (response) => {
    response.resume()
    resolve(response.statusCode === 200)
  })
  asked
    .on('timeout', () => asked.destroy())
    .on('error', () => resolve(false))
    .end()
  return promise
}
