import { connect } from 'node:net'
import { type Asked, askedOf, head, host, isRefusal, type Subject } from '@stagecraft/contract'
import { memoryInUse } from '@stagecraft/engine'

const clients = 16
/** Milliseconds that a server may leave a request without an answer that is not whole; most are closed by the client then. */
const patience = 500

/** A generator of numbers below a limit that gives the same ones each time (mulberry32). */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

type Random = (limit: number) => number
/** Each makes requests of one kind, as the parts in which they are written. */
const kinds: Record<string, (random: Random, asked: Asked) => (string | Buffer)[]> = {
  'bytes at random': (random) => [Buffer.from(Array.from({ length: 1 + random(300) }, () => random(256)))],
  'a byte changed': (random, { post, body }) => {
    const bytes = Buffer.from(head(...post, `Content-Length: ${Buffer.byteLength(body)}`) + body)
    for (let change = 0; change <= random(4); change++) bytes[random(bytes.length)] = random(256)
    return [bytes]
  },
  'a flood of headers': (random, { get }) => [
    head(
      get,
      host,
      ...Array.from({ length: 100 + random(4000) }, (_, index) => `x-${index}: ${random(1e9)}`),
    ),
  ],
  'a long header': (random, { get }) => [head(get, host, `x: ${'a'.repeat(random(200_000))}`)],
  'a long path': (random) => [head(`GET /${'%2e/'.repeat(random(30_000))} HTTP/1.1`, host)],
  'a path of odd bytes': (random) => {
    const odd = [
      '%00',
      '%ff',
      '..',
      '%2e%2e',
      '\\',
      '//',
      '%',
      '%u0041',
      '\x01',
      'ñ',
      '\u202e',
      ';',
      '?',
      '#',
    ]
    const path = Array.from({ length: 1 + random(20) }, () => odd[random(odd.length)]).join('/')
    return [head(`GET /${path} HTTP/1.1`, host)]
  },
  'a version or method that is none': (random) => [
    head(
      `${['GEt', 'TRACE', 'CONNECT', 'PRI', 'X'.repeat(random(900))][random(5)]} * HTTP/${random(9)}.${random(9)}`,
      host,
    ),
  ],
  'a slow body': (random, { post, body }) => [
    head(...post, `Content-Length: ${Buffer.byteLength(body) + 1 + random(1000)}`),
    body.slice(0, random(body.length)),
  ],
  'half a head': (random, { post }) => [`${post.join('\r\n')}\r\nx: ${'a'.repeat(random(100))}`],
  'chunks cut short': (random, { post, body }) => [
    `${head(...post, 'Transfer-Encoding: chunked')}${(body.length + random(99)).toString(16)}\r\n${body}`,
  ],
  'chunks that are none': (random, { post }) => [
    `${head(...post, 'Transfer-Encoding: chunked')}${['-1', 'g', '', 'f'.repeat(20), '0x1', '1;'.repeat(99)][random(6)]}\r\na\r\n0\r\n\r\n`,
  ],
  'an encoding that is none': (random, { post, body }) => [
    head(
      ...post,
      `Content-Encoding: ${['gzip', 'br', 'deflate', 'zstd', 'magic'][random(5)]}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ) + body,
  ],
  'a charset that is none': (random, { post, body }) => {
    const type = `Content-Type: application/json; charset=${'x'.repeat(random(99))}`
    const changed = post.map((line) => (/^content-type:/i.test(line) ? type : line))
    return [head(...changed, `Content-Length: ${Buffer.byteLength(body)}`) + body]
  },
  'deep JSON': (random, { post }) => {
    const depth = 1 + random(20_000)
    const open = ['[', '{"a":'][random(2)] ?? '['
    const body = open.repeat(depth) + (open === '[' ? ']' : '}').repeat(random(2) * depth)
    return [head(...post, `Content-Length: ${body.length}`) + body]
  },
  'JSON of another shape': (random, { post }) => {
    const values = [
      'null',
      '0',
      '""',
      '[]',
      '{}',
      '1e999',
      '{"message":{}}',
      '{"__proto__":1}',
      '"\\ud800"',
      'NaN',
    ]
    const body = `${values[random(values.length)]}${' '.repeat(random(50))}`
    return [head(...post, `Content-Length: ${body.length}`) + body]
  },
  'a length and chunks': (random, { post, get }) => [
    `${head(...post, `Content-Length: ${random(60)}`, 'Transfer-Encoding: chunked')}0\r\n\r\n${head(get, host)}`,
  ],
  'two lengths': (random, { post, body, get }) => [
    head(...post, `Content-Length: ${Buffer.byteLength(body)}`, `Content-Length: ${random(60)}`) +
      body +
      head(get, host),
  ],
  'chunks under another name': (random, { post, get }) => [
    `${head(...post, `Content-Length: 5`, `${['Transfer-Encoding : chunked', 'Transfer-Encoding: xchunked', 'Transfer-Encoding:\tchunked, identity', 'transfer_encoding: chunked'][random(4)]}`)}0\r\n\r\n${head(get, host)}`,
  ],
}

/** The request of a number; of as many in a row as there are kinds, each is of another kind. */
export function malformedRequest(
  asked: Asked,
  seed: number,
  index: number,
): { kind: string; parts: (string | Buffer)[] } {
  const names = Object.keys(kinds)
  const kind = names[index % names.length] ?? ''
  return { kind, parts: kinds[kind]?.(numbers(seed + index), asked) ?? [] }
}

export interface Malformed {
  requests: number
  /** Answered by 4xx, 501 or 505. */
  refused: number
  /** Answered by 1xx, 2xx or 3xx: what is odd, but a request. */
  answered: number
  /** Neither answered nor expected to be: closed by one of the two. */
  closed: number
  /** Answered by another 5xx, by kind. */
  failed: Record<string, number>
  /** Whether the container was still the same process at the end, and ready. */
  alive: boolean
  /** Bytes in use after the first tenth of the requests, and after the last. */
  memory: [before: number, after: number]
}

/** The kinds of requests of which image.config.ts says that the app fails on them. */
const declared: Record<string, string> = { 'chunks that are none': 'broken-chunks' }

/** What failed without an excuse in image.config.ts, as `kind: status`. */
export function undeclared(
  failed: Malformed['failed'],
  { config, variant }: Pick<Subject, 'config' | 'variant'>,
) {
  return Object.keys(failed).filter(
    (each) => !config.excused?.[variant]?.[declared[each.split(':')[0] ?? ''] ?? ''],
  )
}

/** The first status of what a server answers to bytes over a connection of their own; 0 if none. */
export function answerTo(url: URL, parts: readonly (string | Buffer)[]): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port) })
    let received = ''
    const end = () => {
      socket.destroy()
      resolve(Number(/^HTTP\/1\.[01] (?!100)(\d{3})/m.exec(received)?.[1] ?? 0))
    }
    socket.setTimeout(patience, end)
    socket.setEncoding('latin1').on('data', (text) => {
      received += text
      if (/^HTTP\/1\.[01] (?!100)\d{3}[\s\S]*\r\n\r\n/m.test(received)) end()
    })
    socket.on('error', () => {}).on('close', end)
    for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
  })
}

/** Sends an image, with the limits of `read-only`, as many requests as said, of every kind the same number. */
export async function sendMalformed(subject: Subject, requests: number, seed: number): Promise<Malformed> {
  await using container = await subject.takeContainer('limited')
  const { handle } = container
  const url = new URL(container.url)
  const asked = askedOf(subject.config)
  const pid = async () => (await handle.inspect()).State.Pid
  const before = await pid()
  const found: Malformed = {
    ...{ requests, refused: 0, answered: 0, closed: 0, failed: {}, alive: false },
    memory: [0, 0],
  }
  let next = 0
  const send = async (limit: number) => {
    while (next < limit) {
      const index = next++
      const { kind, parts } = malformedRequest(asked, seed, index)
      const status = await answerTo(url, parts)
      if (status === 0) found.closed++
      else if (status < 400) found.answered++
      else if (isRefusal(status)) found.refused++
      else found.failed[`${kind}: ${status}`] = (found.failed[`${kind}: ${status}`] ?? 0) + 1
    }
  }
  const all = (limit: number) => Promise.all(Array.from({ length: clients }, () => send(limit)))
  await all(requests / 10)
  found.memory[0] = await memoryInUse(handle)
  await all(requests)
  found.memory[1] = await memoryInUse(handle)
  const ready = await fetch(container.url + subject.config.ready).catch(() => undefined)
  found.alive = ready?.status === 200 && (await pid()) === before
  return found
}
