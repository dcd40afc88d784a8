import { gzipSync } from 'node:zlib'
import type { Check } from '../model.ts'
import { askAll } from './cases.ts'
import { postJson } from './requests.ts'

const deep = 20_000

/** What a body can be that no app takes; as JSON, if no other headers are said. */
const badBodies: { name: string; body: string | Buffer; headers?: string[] }[] = [
  { name: 'half an object', body: '{"a":' },
  { name: 'an empty body', body: '' },
  { name: 'an array', body: '[]' },
  { name: 'a null', body: 'null' },
  { name: 'an object without what is needed', body: '{}' },
  { name: 'a NaN', body: 'NaN' },
  { name: 'a number beyond doubles', body: '1e999' },
  { name: 'a number of 5000 digits', body: '1'.repeat(5000) },
  { name: 'arrays 20 000 deep', body: '['.repeat(deep) + ']'.repeat(deep) },
  { name: 'arrays 20 000 deep without an end', body: '['.repeat(deep) },
  { name: 'objects 9 000 deep', body: `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}` },
  { name: 'half a surrogate pair', body: '"\\ud800"' },
  { name: 'invalid UTF-8', body: Buffer.from([0x22, 0xc3, 0x28, 0xff, 0x22]) },
  { name: 'UTF-16', body: Buffer.from('\ufeff{}', 'utf16le') },
  { name: 'NUL bytes', body: '\0\0\0\0' },
  { name: 'a prototype', body: '{"__proto__":{"message":"a"},"constructor":{"prototype":1}}' },
  {
    name: 'JSON that says it is compressed',
    body: '{',
    headers: ['Content-Type: application/json', 'Content-Encoding: gzip'],
  },
  {
    name: '64 MiB compressed',
    body: gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '), { level: 9 }).subarray(0, 60_000),
    headers: ['Content-Type: application/json', 'Content-Encoding: gzip'],
  },
  { name: 'HTML', body: '<p>', headers: ['Content-Type: text/html'] },
  { name: 'a form', body: 'a=b', headers: ['Content-Type: application/x-www-form-urlencoded'] },
  { name: 'a form without a boundary', body: '--a', headers: ['Content-Type: multipart/form-data'] },
  {
    name: 'JSON in an unknown charset',
    body: '{',
    headers: ['Content-Type: application/json; charset=magic'],
  },
  { name: 'a type that is none', body: '{', headers: ['Content-Type: /;;='] },
]

export const badBody: Check = {
  id: 'bad-body',
  promise:
    'refuses JSON that is broken, too deep, of the wrong shape or not text, and other types, with a 4xx',
  appliesTo: ['prod'],
  check: (subject) =>
    askAll(
      badBody,
      subject,
      badBodies.map(({ name, body, headers = [] }) => ({
        name,
        expected: 'refused',
        bytes: (asked) => [postJson(asked, body, ...headers)],
      })),
      "how the app's framework reads and validates a body, and what it makes of an error that it does not expect",
    ),
}
