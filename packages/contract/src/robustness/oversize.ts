import type { Check } from '../model.ts'
import { limits } from '../subject.ts'
import { askAll, type Case } from './cases.ts'
import { close, head, host } from './requests.ts'

const mebibyte = 1024 * 1024

const heads: Case[] = [
  {
    name: 'a header of 2 MiB',
    expected: 'refused',
    bytes: ({ get }) => [head(get, host, close, `a: ${'b'.repeat(2 * mebibyte)}`)],
  },
  {
    name: '2 MiB of headers',
    expected: 'refused',
    bytes: ({ get }) => [head(get, host, close, 'a: b\r\n'.repeat(350_000))],
  },
  {
    name: 'a path of 2 MiB',
    expected: 'refused',
    bytes: () => [head(`GET /${'a'.repeat(2 * mebibyte)} HTTP/1.1`, host, close)],
  },
]

export const oversizeHead: Check = {
  id: 'oversize-head',
  promise:
    'refuses a header, headers or a path of 2 MiB with a 4xx (431, 414 or 400) or by closing the connection',
  appliesTo: ['prod'],
  check: (subject) =>
    askAll(
      oversizeHead,
      subject,
      heads,
      'what the server allows a head to be: its number and length of headers',
    ),
}

/** More than the container has memory. */
const huge = limits.Memory + 16 * mebibyte

function* repeat(begin: string, chunk: string, end = '') {
  yield begin
  for (let sent = 0; sent < huge; sent += 0x10000) yield chunk
  yield end
}

const bodies: Case[] = [
  {
    name: `a body of ${huge / mebibyte} MiB`,
    expected: 'refused',
    bytes: ({ post }) => repeat(head(...post, close, `Content-Length: ${huge}`), 'x'.repeat(0x10000)),
  },
  {
    name: `a body of ${huge / mebibyte} MiB in chunks`,
    expected: 'refused',
    bytes: ({ post }) =>
      repeat(
        head(...post, close, 'Transfer-Encoding: chunked'),
        `10000\r\n${'x'.repeat(0x10000)}\r\n`,
        '0\r\n\r\n',
      ),
  },
]

export const oversizeBody: Check = {
  id: 'oversize-body',
  promise:
    'refuses a body that is larger than the memory it has, with its length or in chunks, with a 4xx (413) or by closing the connection',
  appliesTo: ['prod'],
  check: (subject) =>
    askAll(oversizeBody, subject, bodies, 'what the server or the framework allows a body to be'),
}
