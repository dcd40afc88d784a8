/** Times an analysis of 10 000 lines: `pnpm --filter @stagecraft/dockerfile benchmark`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../src/index.ts'

const lines = 10_000
const times = 25

const sample = readFileSync(join(import.meta.dirname, '../../../apps/express-api/Dockerfile'), 'utf8')
const copies = Math.floor(lines / sample.split('\n').length)
const texts = {
  "express-api's Dockerfile, over and over": Array.from({ length: copies }, (_, index) =>
    sample.replaceAll(/ AS (\w+)/g, ` AS $1-${index}`),
  ).join('\n'),
  'one instruction a line': [
    'FROM scratch',
    ...Array.from({ length: lines - 1 }, (_, index) =>
      index % 3 ? `RUN echo ${index}` : `COPY ${index} /${index}`,
    ),
  ].join('\n'),
}

for (const [name, text] of Object.entries(texts)) {
  const [first = 0, ...rest] = Array.from({ length: times }, () => {
    const begin = performance.now()
    analyze(text, { changed: [{ path: 'package.json' }] })
    return performance.now() - begin
  })
  const sorted = rest.toSorted((one, other) => one - other)
  const [least = 0, median = 0, most = 0] = [0, 0.5, 1].map(
    (part) => sorted[Math.floor(part * (sorted.length - 1))],
  )
  const [a, b, c, d] = [median, least, most, first].map((each) => each.toFixed(0))
  console.log(
    `${name}, ${text.split('\n').length} lines: median ${a} ms (${b} to ${c}) of ${rest.length}, the first ${d} ms`,
  )
}
