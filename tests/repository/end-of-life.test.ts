import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bakeImages, baseImages } from '@stagecraft/engine'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

/** Whether what the Dockerfiles stand on still gets security fixes. */

interface Line {
  name: string
  images: string[]
  /** `YYYY-MM-DD`, or `never` where a line has no end of its own. */
  ends: string
  source: string
  raise: string
}

const root = join(import.meta.dirname, '../..')
const lines: Line[] = parse(await readFile(join(root, 'docs/end-of-life.yaml'), 'utf8'))
const days = 24 * 60 * 60 * 1000

/** What ends in less than 30 days, and what to do. */
function ending(of: readonly Line[], now: number): string[] {
  return of
    .filter(({ ends }) => ends !== 'never' && Date.parse(ends) - 30 * days < now)
    .map(({ name, ends, raise, source }) => `${name} ends on ${ends} (${source}). Raise ${raise}.`)
}

it('nothing ends within 30 days', () => {
  expect(ending(lines, Date.now())).toEqual([])
})

it('says what to raise when something does', () => {
  const [first] = lines
  const end = Date.parse(first?.ends ?? '')
  expect(ending(lines.slice(0, 1), end - 31 * days)).toEqual([])
  expect(ending(lines.slice(0, 1), end - 29 * days)).toEqual([
    expect.stringMatching(/^Node\.js \d+ ends on [\d-]+ \(https:.*\)\. Raise ARG NODE_VERSION\.$/),
  ])
})

it('every date is one, and has its source', () => {
  for (const { ends, source, images } of lines) {
    expect(ends).toMatch(/^(\d{4}-\d\d-\d\d|never)$/)
    expect(source).toMatch(/^https:\/\//)
    expect(images).not.toEqual([])
  }
})

it('every base of every image has its lines, and every line has a base', async () => {
  const images = await bakeImages(root)
  const bases = new Set((await Promise.all(images.map((image) => baseImages(root, image)))).flat())
  const known = lines.flatMap((line) => line.images)
  expect([...bases].filter((base) => !known.some((part) => base.includes(part)))).toEqual([])
  expect(known.filter((part) => ![...bases].some((base) => base.includes(part)))).toEqual([])
  // The language's line and Debian's.
  const systems = known.filter((part) => part.startsWith('-'))
  expect([...bases].filter((base) => !systems.some((part) => base.includes(part)))).toEqual([])
})
