import { gzipSync } from 'node:zlib'
import { expectProblem } from '@stagecraft/service/test/expect-problem'
import { beginPost, connectRaw } from '@stagecraft/service/test/raw-connection'
import { describe, expect, it } from 'vitest'
import { startService } from '../test/service.ts'
import { maxBodyBytes, type Question } from './schemas.ts'

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

type Body = string | Uint8Array<ArrayBuffer>

function post(url: string, body: Body, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/analyze`, { method: 'POST', body, headers })
}

function ask(url: string, question: Question): Promise<Response> {
  return post(url, JSON.stringify(question), json)
}

describe('POST /analyze', () => {
  it.each<[string, Body, Record<string, string>]>([
    ['text', dockerfile, text],
    ['JSON', JSON.stringify({ dockerfile }), json],
    ['text of a named charset', dockerfile, { 'Content-Type': 'Text/Plain; charset="UTF-8"' }],
    [
      'JSON of a named charset',
      JSON.stringify({ dockerfile }),
      { 'Content-Type': 'application/json;charset=utf-8' },
    ],
    ['text in no encoding', dockerfile, { ...text, 'Content-Encoding': 'identity' }],
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
  const deep = (levels: number) => `${'{"dockerfile":'.repeat(levels)}1${'}'.repeat(levels)}`

  it.each<[string, Body, Record<string, string>, number]>([
    ['no JSON at all', '', json, 400],
    ['half a document', '{"dockerfile":', json, 400],
    ['a document and more', '{}{}', json, 400],
    ['a raw NUL byte in JSON', '{"dockerfile":"\0"}', json, 400],
    ['invalid UTF-8 in JSON', new Uint8Array([0x22, 0xc3, 0x28, 0x22]), json, 400],
    ['nesting one too deep', deep(65), json, 400],
    ['nesting just deep enough', deep(64), json, 422],
    ['nesting half a million deep', '['.repeat(maxBodyBytes / 2), json, 400],
    ['a NUL byte in text', 'FROM scratch\0', text, 400],
    ['invalid UTF-8 in text', new Uint8Array([0xff, 0xfe]), text, 400],
    ['an ELF file', new Uint8Array(Buffer.from('\x7fELF\x02\x01\x01\0\0\0')), text, 400],
    ['one byte too many', 'x'.repeat(maxBodyBytes + 1), text, 413],
    ['many bytes too many', 'x'.repeat(maxBodyBytes * 20), json, 413],
    ['HTML', 'FROM scratch', { 'Content-Type': 'text/html' }, 415],
    ['a form', 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['JSON of another kind', '{}', { 'Content-Type': 'application/ld+json' }, 415],
    ['a type of no sense', '{}', { 'Content-Type': ';;;' }, 415],
    ['a body of no type', new Uint8Array([123, 125]), {}, 415],
    ['nothing of no type', '', { 'Content-Type': '' }, 415],
    ['Latin-1', 'FROM scratch', { 'Content-Type': 'text/plain; charset=latin1' }, 415],
    ['gzip', new Uint8Array(gzipSync('FROM scratch')), { ...text, 'Content-Encoding': 'gzip' }, 415],
    ['a stack of encodings', 'x', { ...text, 'Content-Encoding': 'identity, gzip' }, 415],
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

  it('is refused when its chunks become too many', async () => {
    await using service = await startService()
    const chunk = new Uint8Array(64 * 1024)
    let left = 100
    const body = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk)
        else controller.close()
      },
    })
    const init = { method: 'POST', body, headers: text, duplex: 'half' }
    await expectProblem(await fetch(`${service.url}/analyze`, init as RequestInit), 413)
  })
})

describe('a question that does not keep its schema', () => {
  const question = { dockerfile: 'FROM scratch\n' }
  const times = (count: number, value: unknown) => Array.from({ length: count }, () => value)
  const args = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`ARG_${index}`, '']))

  it.each<[string, unknown, string[]]>([
    ['null', null, ['']],
    ['an array', [], ['']],
    ['a string', 'FROM scratch', ['']],
    ['nothing in it', {}, ['']],
    [
      'numbers for text',
      { dockerfile: 1, target: 2, dockerignore: 3 },
      ['/dockerfile', '/dockerignore', '/target'],
    ],
    ['a name nobody knows', { ...question, stage: 'build' }, ['/stage']],
    ['a NUL in text', { dockerfile: 'FROM scratch\0' }, ['/dockerfile']],
    ['a list of arguments', { ...question, args: ['A=b'] }, ['/args']],
    ['a number as argument', { ...question, args: { A: 1 } }, ['/args/A']],
    [
      'an argument that cannot be named',
      { ...question, args: { 'A=': '', '': '', 'A\nB': 1 } },
      ['/args/', '/args/A\nB', '/args/A='],
    ],
    ['too many arguments', { ...question, args: args(1001) }, ['/args']],
    ['a change on its own', { ...question, changed: 'src' }, ['/changed']],
    [
      'a change of no kind',
      { ...question, changed: ['src', 5, { pth: 'src' }, null] },
      ['/changed/1', '/changed/2', '/changed/3'],
    ],
    ['a change of two kinds', { ...question, changed: [{ path: 'src', arg: 'A' }] }, ['/changed/0']],
    ['a change of many unknown things', { ...question, changed: [args(1000)] }, ['/changed/0']],
    ['line 0', { ...question, changed: [{ instruction: 0 }] }, ['/changed/0']],
    ['a path of 4097 characters', { ...question, changed: ['x'.repeat(4097)] }, ['/changed/0']],
    ['too many changes', { ...question, changed: times(1001, 'src') }, ['/changed']],
  ])('has a place for %s', async (_name, value, paths) => {
    await using service = await startService()
    const problem = await expectProblem(await post(service.url, JSON.stringify(value), json), 422)
    expect(problem.errors?.map(({ path }) => path).toSorted()).toEqual(paths)
    for (const { message } of problem.errors ?? []) expect(message).toMatch(/^(must|is) /)
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

  it('lists 50 places at most', async () => {
    await using service = await startService()
    const body = JSON.stringify({ ...question, changed: times(400_000, 1) })
    const problem = await expectProblem(await post(service.url, body, json), 422)
    expect(problem.errors?.length).toBeGreaterThan(1)
    expect(problem.errors?.length).toBeLessThanOrEqual(50)
  })

  it('cannot set a prototype', async () => {
    await using service = await startService()
    const poison =
      '{"dockerfile":"FROM scratch","__proto__":{"target":"x"},"constructor":{"prototype":{"target":"x"}}}'
    const problem = await expectProblem(await post(service.url, poison, json), 422)
    expect(problem.errors?.map(({ path }) => path)).toEqual(['/__proto__', '/constructor'])
    expect(({} as Record<string, unknown>).target).toBeUndefined()

    const args =
      '{"dockerfile":"ARG __proto__\\nARG constructor\\nFROM $constructor$toString\\n","args":{"__proto__":"a","constructor":"b"}}'
    const response = await post(service.url, args, json)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ stages: [{ from: { image: 'b' } }] })
    expect(({} as Record<string, unknown>).a).toBeUndefined()
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

describe('many at once', () => {
  it('are bounded', async () => {
    await using service = await startService()
    await using clients = new AsyncDisposableStack()
    const body = JSON.stringify({ dockerfile: 'FROM scratch\n' })
    const slow = []
    for (let index = 0; index < 16; index++) {
      const client = clients.use(await connectRaw(service.server.port))
      slow.push({ client, rest: await beginPost(client, '/analyze', body) })
    }
    const refused = await post(service.url, 'FROM scratch\n', text)
    expect(refused.headers.get('Retry-After')).toBe('1')
    await expectProblem(refused, 503, '16 documents are under way already')
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
    for (const { client, rest } of slow) {
      client.write(rest)
      await client.until(/HTTP\/1\.1 200 /)
    }
    expect((await post(service.url, 'FROM scratch\n', text)).status).toBe(200)
  })
})
