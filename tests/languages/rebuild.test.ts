import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { measureScenarios } from '@stagecraft/compare/scenarios'
import { bakeImages, products } from '@stagecraft/engine'
import type { Rebuild, Scenario } from '@stagecraft/report'
import { beforeAll, describe, expect, it } from 'vitest'

/** What a change costs the products of apps that are their own build context, with every command as it is. */

const root = join(import.meta.dirname, '../..')
const images = (await bakeImages(root)).filter(
  ({ context, variant }) => context !== '.' && products.includes(variant),
)
const isCompiled = ({ context }: { context: string }) =>
  ['go.mod', 'Cargo.toml'].some((file) => existsSync(join(root, context, file)))
// With another dependency, compilers compile all of them again, for minutes: what runs is dockerfiles.test.ts's to see to.
const prods = images.filter((image) => image.variant === 'prod' && !isCompiled(image))
const rebuilds = new Map<string, Rebuild>()
const failures: string[] = []

beforeAll(async () => {
  const measure = (of: typeof images, scenarios: readonly Scenario[]) =>
    measureScenarios(of, scenarios, {
      root,
      runs: 1,
      signal: new AbortController().signal,
      doing: () => {},
      onRebuild: ({ target }, rebuild) => rebuilds.set(`${target} ${rebuild.scenario}`, rebuild),
      onFailure: ({ target }, scenario, message) => failures.push(`${target} ${scenario}: ${message}`),
    })
  await measure(images, ['unchanged', 'line'])
  await measure(prods, ['scripts', 'dependency'])
}, 900_000)

const of = (target: string, scenario: Scenario) => rebuilds.get(`${target} ${scenario}`)
const installs = /\bpip\b|mod download|npm ci/

it('every change can be built', () => {
  expect(failures).toEqual([])
})

it('every step that ran was expected to', () => {
  const unexpected = [...rebuilds].flatMap(([name, { ran }]) =>
    ran.filter(({ predicted }) => predicted === 'cached').map(({ line }) => `${name}: line ${line}`),
  )
  expect(unexpected).toEqual([])
})

describe.each(images)('$target', (image) => {
  const { target } = image

  it('runs nothing again when nothing has changed', () => {
    expect(of(target, 'unchanged')?.ran).toEqual([])
  })

  it('installs nothing after a changed line', () => {
    const ran = of(target, 'line')?.ran ?? []
    expect(ran).not.toEqual([])
    expect(ran.filter(({ instruction }) => installs.test(instruction))).toEqual([])
  })

  it.runIf(prods.includes(image))('installs nothing after a changed script', () => {
    const ran = of(target, 'scripts')?.ran ?? []
    expect(ran.filter(({ instruction }) => installs.test(instruction))).toEqual([])
  })

  it('a push transfers a few kB after a changed line, where the program is not one file', () => {
    const { pushedBytes = 0 } = of(target, 'line') ?? {}
    expect(pushedBytes).toBeGreaterThan(0)
    if (!isCompiled(image)) expect(pushedBytes).toBeLessThan(4000)
  })

  it.runIf(prods.includes(image))('a dependency more runs the steps that install', () => {
    const ran = of(target, 'dependency')?.ran.map(({ instruction }) => instruction) ?? []
    expect(ran.filter((text) => text.startsWith('RUN'))).not.toEqual([])
  })
})
