import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { sampleReport } from '@stagecraft/report/test/sample'
import { expect, it, onTestFinished } from 'vitest'
import { publisher } from './publish.ts'

/** A server that remembers what it was asked, and answers with the next of `answers`, the last one again and again. */
async function listen(...answers: number[]) {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const { revision } = JSON.parse(await text(request))
    asked.push(`${request.method} ${request.url} ${revision}`)
    response.writeHead(answers.length > 1 ? (answers.shift() ?? 0) : (answers[0] ?? 0), {
      location: '/api/reports/7',
    })
    response.end('said why')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const report = (revision: string) => sampleReport({ revision, state: 'running' })

it('posts a report once and puts it in its place afterwards, the last of several', async () => {
  const { asked, url } = await listen(201)
  const { send, settle } = publisher(url)
  for (const revision of ['first', 'second', 'third']) send(report(revision))
  await settle()
  expect(asked).toEqual(['POST /api/reports first', 'PUT /api/reports/7 third'])
})

it('posts again what was not taken the first time', async () => {
  const { asked, url } = await listen(503, 201)
  const { send, settle } = publisher(url)
  send(report('first'))
  send(report('second'))
  await settle()
  expect(asked).toEqual(['POST /api/reports first', 'POST /api/reports second'])
})

it('says at the end that the last one was not taken, and why', async () => {
  const { url } = await listen(422)
  const { send, settle } = publisher(url)
  send(report('first'))
  await expect(settle()).rejects.toThrow('express-api answered 422: said why')
})
