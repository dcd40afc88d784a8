import { askedOf, isRefusal, sendHalf } from '@stagecraft/contract'
import { bake } from '@stagecraft/engine'
import { sampleReport } from '@stagecraft/report/test/sample'
import { root, type Stack, startStack, targetsOf } from '@stagecraft/test-stack/compose'
import { execa } from 'execa'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answerTo, malformedRequest } from './malformed.ts'

const services = ['react-spa', 'express-api', 'fastify-service']
const analyze = {
  method: 'POST',
  path: '/analyze',
  headers: { 'content-type': 'text/plain' },
  body: 'FROM scratch\nCOPY a b\n',
  status: 200,
}
const store = { method: 'POST', path: '/api/reports', body: sampleReport(), status: 201 }

let stack: Stack
beforeAll(() => bake(root, targetsOf('prod')))
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack[Symbol.asyncDispose]())

describe('the stack', () => {
  it('finishes ten requests in flight on `docker compose stop`', async () => {
    const ids = await Promise.all(services.map((name) => stack.compose('ps', '--quiet', name)))
    const requests = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? analyze : store))
    const inFlight = await Promise.all(requests.map((request) => sendHalf(stack.url, request)))
    const stopped = stack.compose('stop')
    // It ends those that depend on others first, so nginx, which waits for what it has begun.
    const answers = await Promise.all(inFlight.map((request) => request.finish()))
    expect(answers).toEqual(requests.map(({ status }) => String(status)))
    await stopped
    const format = '--format={{.State.ExitCode}} {{.Path}}'
    const { stdout } = await execa('docker', ['inspect', format, ...ids.map((id) => String(id.stdout))])
    expect(stdout).toMatch(/^0 \S+\n0 \S+\n0 \S+$/)
  })

  it('has no request behind nginx of which nginx does not know', async () => {
    const asked = askedOf({ ready: '/api/reports/1', inFlight: analyze })
    const url = new URL(stack.url)
    let next = 0
    const failed: string[] = []
    const send = async () => {
      while (next < 720) {
        const { kind, parts } = malformedRequest(asked, 1, next++)
        const status = await answerTo(url, parts)
        if (status >= 500 && !isRefusal(status)) failed.push(`${kind}: ${status}`)
      }
    }
    await Promise.all(Array.from({ length: 16 }, send))
    expect(failed).toEqual([])
    const logs = async (name: string) =>
      String((await stack.compose('logs', '--no-log-prefix', name)).stdout)
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line))
    const passed = (await logs('react-spa')).filter(({ upstream }) => upstream)
    const express = (await logs('express-api')).filter(({ res }) => res)
    const fastify = (await logs('fastify-service')).filter(
      ({ req }) => req && !/^\/(healthz|readyz)/.test(req.url),
    )
    // Fewer, where the client broke off before the request was passed on whole.
    expect(express.length + fastify.length).toBeLessThanOrEqual(passed.length)
    expect(express.length + fastify.length).toBeGreaterThan(100)
  })
})
