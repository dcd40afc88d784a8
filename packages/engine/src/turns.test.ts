import { expect, it } from 'vitest'
import { turns } from './turns.ts'

it('lets so many have a turn at a time, in the order of asking', async () => {
  const next = turns(2, 60_000)
  const had: string[] = []
  const take = async (name: string) => {
    const turn = await next()
    had.push(name)
    return turn
  }
  const [first, second, third, fourth] = [take('first'), take('second'), take('third'), take('fourth')]
  using one = await first
  using _two = await second
  expect(had).toEqual(['first', 'second'])
  one[Symbol.dispose]()
  using three = await third
  expect(had).toEqual(['first', 'second', 'third'])
  three[Symbol.dispose]()
  using _four = await fourth
  expect(had).toEqual(['first', 'second', 'third', 'fourth'])
})

it('ends a turn that takes too long, and once only', async () => {
  const next = turns(1, 10)
  const first = await next()
  using second = await next()
  first[Symbol.dispose]()
  let third = false
  const asked = next().then((turn) => {
    third = true
    return turn
  })
  await Promise.resolve()
  expect(third).toBe(false)
  second[Symbol.dispose]()
  using _third = await asked
})
