import { describe, expect, it } from 'vitest'
import { expectProblem, startService } from '../test/service.ts'
import type { Body as Question } from './analyze-route.ts'
import { maxBodyBytes } from './schemas.ts'

const json = { 'Content-Type': 'application/json' }
const text = { 'Content-Type': 'text/plain' }

const dockerfile = `FROM node:24 AS build
WORKDIR /app
COPY package.json ./
RUN npm install
COPY src src
FROM scratch
COPY --from=build /app /
`

function post(url: string, body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/analyze`, { method: 'POST', body, headers })
}

function ask(url: string, question: Question): Promise<Response> {
  return post(url, JSON.stringify(question), json)
}

describe('POST /analyze', () => {
  it('refuses a request without a body', async () => {
    await using service = await startService()
    await expectProblem(await fetch(`${service.url}/analyze`, { method: 'POST' }), 400)
  })

  it.each<[string, string, Record<string, string>]>([
    ['text', dockerfile, text],
    ['JSON', JSON.stringify({ dockerfile }), json],
  ])('explains a Dockerfile that comes as %s', async (_name, body, headers) => {
    await using service = await startService()
    const response = await post(service.url, body, headers)
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
    expect(await response.json()).toMatchObject({
      target: 1,
      stages: [
        { index: 0, name: 'build', from: { image: 'node:24' }, line: 1, reached: true },
        { index: 1, from: { scratch: true }, line: 6, reached: true },
      ],
      edges: expect.arrayContaining([{ from: { stage: 0 }, to: { stage: 1 }, by: 'COPY', line: 7 }]),
    })
  })

  it.each<[string, Question['changed']]>([
    ['a path', ['src/main.ts']],
    ['a change', [{ path: 'src/main.ts', what: 'content' }]],
    ['nothing twice', ['src/main.ts', { path: 'src/main.ts' }]],
  ])('says what reruns after %s', async (_name, changed) => {
    await using service = await startService()
    const response = await ask(service.url, { dockerfile, target: 'build', changed: changed ?? [] })
    const { target, instructions } = (await response.json()) as {
      target: number
      instructions: { line: number; outcome?: string; why?: string }[]
    }
    expect(target).toBe(0)
    const on = (line: number) => instructions.find((instruction) => instruction.line === line)
    expect(on(4)).toMatchObject({ outcome: 'cached' })
    expect(on(5)).toMatchObject({ outcome: 'reruns', why: expect.stringMatching(/./) })
    expect(on(7)).not.toHaveProperty('outcome')
  })

  it('reads .dockerignore and build arguments', async () => {
    await using service = await startService()
    const response = await ask(service.url, {
      dockerfile: 'ARG BASE\nFROM $BASE\nCOPY . .\n',
      dockerignore: 'docs\n',
      args: { BASE: 'debian:trixie' },
      changed: ['docs/page.md'],
    })
    expect(await response.json()).toMatchObject({
      stages: [{ from: { image: 'debian:trixie' } }],
      instructions: expect.arrayContaining([expect.objectContaining({ keyword: 'COPY', outcome: 'cached' })]),
    })
  })
})

describe('a body that cannot be read', () => {
  it.each<[string, string, Record<string, string>, number]>([
    ['no JSON at all', '', json, 400],
    ['half a document', '{"dockerfile":', json, 400],
    ['a NUL byte in text', 'FROM scratch\0', text, 422],
    ['one byte too many', 'x'.repeat(maxBodyBytes + 1), text, 413],
    ['many bytes too many', 'x'.repeat(maxBodyBytes * 20), json, 413],
    ['HTML', 'FROM scratch', { 'Content-Type': 'text/html' }, 415],
  ])('is refused: %s', async (_name, body, headers, status) => {
    await using service = await startService()
    await expectProblem(await post(service.url, body, headers), status)
    expect((await post(service.url, 'FROM scratch\n', text)).status).toBe(200)
  })

  it('may be as large as the limit', async () => {
    await using service = await startService()
    const comment = `#${'x'.repeat(126)}\n`
    const body = 'FROM scratch\n'.padEnd(maxBodyBytes, comment)
    expect((await post(service.url, body, text)).status).toBe(200)
  })
})

describe('a question that does not keep its schema', () => {
  const question = { dockerfile: 'FROM scratch\n' }
  const times = (count: number, value: unknown) => Array.from({ length: count }, () => value)
  const args = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`ARG_${index}`, '']))

  it.each<[string, unknown, string]>([
    ['null', null, ''],
    ['nothing in it', {}, ''],
    ['a number for text', { dockerfile: 1 }, '/dockerfile'],
    ['a name nobody knows', { ...question, stage: 'build' }, ''],
    ['a NUL in text', { dockerfile: 'FROM scratch\0' }, '/dockerfile'],
    ['a list of arguments', { ...question, args: ['A=b'] }, '/args'],
    ['a number as argument', { ...question, args: { A: 1 } }, '/args/A'],
    ['an argument that cannot be named', { ...question, args: { 'A=': '' } }, '/args'],
    ['too many arguments', { ...question, args: args(1001) }, '/args'],
    ['a change of no kind', { ...question, changed: ['src', { pth: 'src' }] }, '/changed/1'],
    ['a change of two kinds', { ...question, changed: [{ path: 'src', arg: 'A' }] }, '/changed/0'],
    ['line 0', { ...question, changed: [{ instruction: 0 }] }, '/changed/0'],
    ['a path of 4097 characters', { ...question, changed: ['x'.repeat(4097)] }, '/changed/0'],
    ['too many changes', { ...question, changed: times(1001, 'src') }, '/changed'],
  ])('has a place for %s', async (_name, value, path) => {
    await using service = await startService()
    const problem = await expectProblem(await post(service.url, JSON.stringify(value), json), 422)
    expect(problem.errors?.map((error) => error.path)).toContain(path)
  })

  it('may be as large as its bounds', async () => {
    await using service = await startService()
    const response = await ask(service.url, {
      ...question,
      args: args(1000),
      changed: Array.from({ length: 1000 }, (_, index) => `${index}`.padEnd(200, 'x')),
    })
    expect(response.status).toBe(200)
  })
})

describe('a question that has no answer', () => {
  it.each<[string, Question, object]>([
    ['no instruction', { dockerfile: '# empty\n' }, { code: 'syntax' }],
    [
      'an unknown instruction',
      { dockerfile: 'FROM scratch\nRUNN true\n' },
      { code: 'syntax', line: 2, text: 'RUNN true' },
    ],
    [
      'a heredoc without end',
      { dockerfile: 'FROM scratch\nRUN <<EOF\ntrue\n' },
      { code: 'syntax', line: 2, text: 'RUN <<EOF' },
    ],
    ['an unknown target', { dockerfile: 'FROM scratch AS a\n', target: 'b' }, { code: 'unknown-target' }],
    [
      'an unknown stage number',
      { dockerfile: 'FROM scratch\nCOPY --from=9 / /\n' },
      { code: 'unknown-stage', line: 2, text: 'COPY --from=9 / /' },
    ],
    [
      'a stage that needs itself',
      { dockerfile: 'FROM scratch AS a\nCOPY --from=a / /\n' },
      { code: 'cycle', line: 2, text: 'COPY --from=a / /' },
    ],
    [
      'a stage that needs a later one',
      { dockerfile: 'FROM scratch AS a\nCOPY --from=b / /\nFROM scratch AS b\nCOPY --from=a / /\n' },
      { line: 2, text: 'COPY --from=b / /' },
    ],
    [
      'a change of what is not there',
      { dockerfile: 'FROM scratch\n', changed: [{ instruction: 5 }] },
      { code: 'unknown-change' },
    ],
  ])('is refused: %s', async (_name, question, members) => {
    await using service = await startService()
    const problem = await expectProblem(await ask(service.url, question), 422)
    expect(problem).toMatchObject(members)
    expect('line' in members ? typeof problem.column : 'number').toBe('number')
  })

  it('is refused when it would take too long to follow', async () => {
    await using service = await startService()
    const response = await post(service.url, 'FROM scratch\n'.repeat(25_000), text)
    expect(await expectProblem(response, 422, 'more than 20000')).toMatchObject({ code: 'too-complex' })
  })

  it('shows a long line shortened', async () => {
    await using service = await startService()
    const body = `FROM scratch\nRUNN ${'x'.repeat(60_000)}\n`
    const response = await post(service.url, body, text)
    expect(Number(response.headers.get('Content-Length'))).toBeLessThan(2000)
    const problem = await expectProblem(response, 422)
    expect(problem.text).toMatch(/^RUNN x{194}…$/)
  })
})

describe('a document that takes long', () => {
  const paths = Array.from({ length: 240 }, (_, index) => `${'a/'.repeat(2000)}${index}`)
  it.each<[string, Question]>([
    ['many steps', { dockerfile: `FROM scratch\n${'EXPOSE 80 81 82 83\n'.repeat(19_000)}` }],
    [
      'paths of many levels',
      { dockerfile: 'FROM scratch\nCOPY . .\n', dockerignore: '**/*.md\n!b\n*c', changed: paths },
    ],
    ['directories that grow', { dockerfile: `FROM a\n${'WORKDIR longer\n'.repeat(15_000)}` }],
  ])('keeps no other request waiting: %s', async (_name, question) => {
    await using service = await startService()
    await ask(service.url, { dockerfile: 'FROM scratch\n' })
    const order: string[] = []
    const long = ask(service.url, question).then(({ status }) => order.push(`long ${status}`))
    for (let probe = 0; probe < 3; probe++)
      order.push(`probe ${(await fetch(`${service.url}/healthz`)).status}`)
    await long
    expect(order.slice(0, 3)).toEqual(['probe 200', 'probe 200', 'probe 200'])
    expect(order[3]).toMatch(/^long (200|422|503)$/)
  })
})
