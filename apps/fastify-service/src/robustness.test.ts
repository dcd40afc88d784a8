import { Agent, request } from 'node:http'
import { createLogger, startServer } from '@stagecraft/service'
import { expect, it } from 'vitest'
import { createApp } from './app.ts'
import { maxBodyBytes } from './schemas.ts'

const json = 'application/json'
const text = 'text/plain'
const connections = 4

const bad: [type: string, body: string | Buffer, status: number][] = [
  [json, '{"dockerfile":', 400],
  [json, '{"dockerfile":1,"changed":[1,{}],"args":[]}', 422],
  [json, Buffer.from([0x22, 0xc3, 0x28, 0x22]), 400],
  [json, '['.repeat(1000), 400],
  [json, '{"__proto__":{"dockerfile":"FROM scratch"}}', 422],
  [json, JSON.stringify({ dockerfile: 'FROM scratch', target: 'nothing' }), 422],
  [json, JSON.stringify({ dockerfile: 'FROM scratch', changed: [{ instruction: 99 }] }), 422],
  [text, 'FROM scratch\0', 400],
  [text, Buffer.from('89504e470d0a1a0a', 'hex'), 400],
  [text, 'FROM scratch\nRUN <<EOF\n', 422],
  [text, 'FROM scratch\nCOPY --from=9 / /\n', 422],
  [text, 'FROM a AS a\nCOPY --from=b / /\nFROM b AS b\nCOPY --from=a / /\n', 422],
  [text, 'RUN true\n', 422],
  ['image/png', 'FROM scratch', 415],
]
const oversize = Buffer.alloc(maxBodyBytes + 1, 'x')

it('answers 10 000 bad requests with what is wrong, over the same few connections', {
  timeout: 300_000,
}, async () => {
  const logger = createLogger('fastify-service')
  logger.level = 'silent'
  const about = { name: 'fastify-service', version: '1.2.3', variant: 'source', node: process.version }
  const app = await createApp({ about, logger, stopping: new AbortController().signal })
  const server = await startServer(app, { port: 0, host: '127.0.0.1' })
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  const post = (type: string, body: string | Buffer) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }
      request({ port: server.port, host: '127.0.0.1', path: '/analyze', method: 'POST', agent, headers })
        .on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
        .on('error', reject)
        .end(body)
    })

  let asked = 0
  const wrong: string[] = []
  const worker = async () => {
    while (asked < 10_000) {
      const index = asked++
      const [type, body, status] = index % 200 === 0 ? [text, oversize, 413] : pick(index)
      const answered = await post(type, body)
      if (answered !== status)
        wrong.push(`${answered} instead of ${status} for ${body.toString().slice(0, 60)}`)
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))

  expect(wrong).toEqual([])
  expect(asked).toBe(10_000)
  expect(Object.values(agent.freeSockets).flat()).toHaveLength(connections)

  agent.destroy()
  expect(await server.stop(1000)).toBe(0)
})

function pick(index: number) {
  return bad[index % bad.length] as (typeof bad)[number]
}
