import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { app, logger } from '../src/app.ts'

logger.level = 'silent'
const server = app.listen(0)
after(() => server.close())

function ask(path: string, init?: RequestInit): Promise<Response> {
  const { port } = server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}${path}`, init)
}

function echo(body: string): Promise<Response> {
  return ask('/echo', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}

test('greets', async () => {
  const response = await ask('/')
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), { message: '¡Hola desde Express en Docker Multi-stage!' })
})

test('repeats a message', async () => {
  const response = await echo('{"message":"¡Olé!","repeat":2}')
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), { message: '¡Olé!¡Olé!', length: 10 })
})

for (const [body, status] of [
  ['{}', 422],
  ['[]', 422],
  ['{"message":1}', 422],
  [`{"message":"${'x'.repeat(201)}"}`, 422],
  ['{"message":"x","repeat":0}', 422],
  ['{"message":"x","repeat":"2"}', 422],
  ['{"message":', 400],
  [`{"message":"${'x'.repeat(70_000)}"}`, 413],
] as const) {
  test(`answers ${status} to ${body.slice(0, 30)}`, async () => {
    const response = await echo(body)
    assert.equal(response.status, status)
    assert.equal(typeof (await response.json()).error, 'string')
  })
}

test('answers 404 to an unknown path', async () => {
  assert.equal((await ask('/nothing')).status, 404)
})
