import type { Check } from '../model.ts'
import { askAll, type Case } from './cases.ts'
import { type Asked, close, head, host } from './requests.ts'

const ready = ({ get }: Asked) => get.split(' ')[1] ?? '/'
/** A request that must not be answered once the one before it was refused: who sees both would be out of step. */
const next = ({ get }: Asked) => head(get, host, close)
const refused = (name: string, bytes: (asked: Asked) => string): Case => ({
  name,
  expected: 'refused',
  bytes: (asked) => [bytes(asked), next(asked)],
})
const survived = (name: string, bytes: (asked: Asked) => string): Case => ({
  name,
  expected: 'survived',
  bytes: (asked) => [bytes(asked)],
})

const chunked = 'Transfer-Encoding: chunked'

const cases: Case[] = [
  refused('text that is not HTTP', () => 'hello\r\n\r\n'),
  refused('a TLS greeting', () => '\x16\x03\x01\x00\x0c\x01\x00\x00\x08\x03\x03\r\n\r\n'),
  refused('a method with a character that none has', (asked) => head(`G@T ${ready(asked)} HTTP/1.1`, host)),
  refused('a NUL in a header', ({ get }) => head(get, host, 'a: b\0c')),
  refused('a space before the colon of a header', ({ post }) => head(...post, 'Content-Length : 0')),
  refused(
    'two lengths',
    ({ post, body }) => head(...post, `Content-Length: ${body.length}`, 'Content-Length: 1') + body,
  ),
  refused('a negative length', ({ post }) => head(...post, 'Content-Length: -1')),
  refused('a length that is not a number', ({ post }) => head(...post, 'Content-Length: some')),
  // Only who goes by the length takes this for a whole request; what stands behind a proxy must not.
  refused(
    'a length and chunks',
    ({ post, body }) => head(...post, `Content-Length: ${Buffer.byteLength(body)}`, chunked) + body,
  ),
  refused(
    'an unknown transfer encoding',
    ({ post }) => `${head(...post, 'Content-Length: 2', 'Transfer-Encoding: magic')}{}`,
  ),
  survived('a version that does not exist', (asked) => head(`GET ${ready(asked)} HTTP/9.9`, host, close)),
  survived('a request without a host', ({ get }) => head(get, close)),
  survived('a request for a whole URL, as to a proxy', (asked) =>
    head(`GET http://localhost${ready(asked)} HTTP/1.1`, host, close),
  ),
  survived('a header without a colon', ({ get }) => head(get, host, 'nonsense', close)),
  survived('a header over two lines', ({ get }) => head(get, host, 'a: b', ' c', close)),
  survived('lines without a carriage return', ({ get }) => `${get}\n${host}\n${close}\n\n`),
  survived('an unknown expectation', ({ get }) => head(get, host, 'Expect: magic', close)),
  survived('a method that nobody knows', (asked) => head(`BREW ${ready(asked)} HTTP/1.1`, host, close)),
  survived('a TRACE', (asked) => head(`TRACE ${ready(asked)} HTTP/1.1`, host, close)),
  survived('a CONNECT', () => head('CONNECT localhost:80 HTTP/1.1', host, close)),
  survived('a GET with a body', ({ get }) => `${head(get, host, close, 'Content-Length: 2')}{}`),
  ...['/%', '/%ff', '/%00', '/?a=%ff&a[]=1&__proto__[a]=1', '//', '/\\..\\', '/;'].map((path) =>
    survived(`the path ${path}`, () => head(`GET ${path} HTTP/1.1`, host, close)),
  ),
  ...[
    '/../../../etc/passwd',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2f..%2f..%2fetc/passwd',
  ].map(
    (path): Case => ({
      ...survived(`the path ${path}`, () => head(`GET ${path} HTTP/1.1`, host, close)),
      leak: /root:/,
    }),
  ),
  {
    name: 'a request of HTTP/1.0 without a host',
    expected: 'served',
    bytes: (asked) => [head(`GET ${ready(asked)} HTTP/1.0`)],
  },
  {
    // A server may answer the first and close, but not answer in part.
    name: 'three requests at once',
    expected: 'served',
    bytes: ({ get }) => [head(get, host) + head(get, host) + head(get, host, close)],
  },
]

const chunks: Case[] = [
  refused(
    'a chunk whose size is not a number',
    ({ post }) => `${head(...post, chunked)}zz\r\n{}\r\n0\r\n\r\n`,
  ),
  refused('a chunk whose size is negative', ({ post }) => `${head(...post, chunked)}-1\r\n{}\r\n0\r\n\r\n`),
  refused(
    'a chunk that is longer than its size',
    ({ post }) => `${head(...post, chunked)}1\r\n{"a":1}\r\n0\r\n\r\n`,
  ),
]

export const malformed: Check = {
  id: 'malformed',
  promise:
    'refuses what is not HTTP, or could be read as another request, with a 4xx or by closing the connection; answers odd requests without a 5xx; no process ends',
  appliesTo: ['prod'],
  check: (subject) => askAll(malformed, subject, cases, "the server's own settings, and its version"),
}

export const brokenChunks: Check = {
  id: 'broken-chunks',
  promise: 'refuses a body whose chunks are broken, with a 4xx or by closing the connection; no process ends',
  appliesTo: ['prod'],
  check: (subject) =>
    askAll(brokenChunks, subject, chunks, 'what the app makes of an error while it reads a body'),
}
