import { join } from 'node:path'
import { ending, type Line, partsOf, readLines } from '@stagecraft/compare/bump/lines'
import { allBases, readPins, renderPins } from '@stagecraft/compare/bump/pins'
import { expect, it } from 'vitest'
import { hasDocker } from './has-docker.ts'

/** Whether what the Dockerfiles stand on still gets security fixes. */

const root = join(import.meta.dirname, '../..')
const lines = await readLines(root)
const days = 24 * 60 * 60 * 1000

it('nothing ends within 30 days', () => {
  expect(ending(lines, Date.now())).toEqual([])
})

it('says what to raise when something does, and which date is missing', () => {
  const [node] = lines as [Line]
  const end = Date.parse(node.ends[node.current] ?? '')
  expect(ending([node], end - 31 * days)).toEqual([])
  expect(ending([node], end - 29 * days)).toEqual([
    expect.stringMatching(/^Node\.js \d+ ends on [\d-]+ \(https:.*\)\. Raise it: pnpm bump node <line>$/),
  ])
  expect(ending([{ ...node, ends: {} }], end)).toEqual([
    expect.stringMatching(/^docs\/end-of-life.yaml has no date for Node\.js \d+\. Add it: https:/),
  ])
})

it('every date is one, and has its source', () => {
  for (const { ends, source, images } of lines) {
    for (const end of Object.values(ends)) expect(end).toMatch(/^(\d{4}-\d\d-\d\d|never)$/)
    expect(source).toMatch(/^https:\/\//)
    expect(images).not.toEqual([])
  }
})

it.runIf(hasDocker)('every base of every image has its lines, and every line has a base', async () => {
  const bases = await allBases(root)
  const known = lines.flatMap(partsOf)
  expect(bases.filter((base) => !known.some((part) => base.includes(part)))).toEqual([])
  expect(known.filter((part) => !bases.some((base) => base.includes(part)))).toEqual([])
  // The language's line and Debian's.
  const systems = known.filter((part) => part.startsWith('-'))
  expect(bases.filter((base) => !systems.some((part) => base.includes(part)))).toEqual([])
})

it.runIf(hasDocker)('docker-bake.pins.hcl has every base, and none besides', async () => {
  const pins = await readPins(root)
  const text = renderPins(new Map((await allBases(root)).map((base) => [base, pins.get(base)])))
  const mend = 'docker-bake.pins.hcl is not what the Dockerfiles are. Renew it: pnpm bump pins, or vitest -u'
  await expect(text, mend).toMatchFileSnapshot(join(root, 'docker-bake.pins.hcl'))
})
