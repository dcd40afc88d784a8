import { expect, it } from 'vitest'
import { makeSlots } from './slots.ts'

it('runs so much at a time, and what has the lowest rank next', async () => {
  const slots = makeSlots(2)
  const started: number[] = []
  let running = 0
  const work = (rank: number) =>
    slots(rank, async () => {
      started.push(rank)
      running++
      await new Promise(setImmediate)
      expect(running).toBeLessThanOrEqual(2)
      running--
    })
  await Promise.all([9, 8, 3, 1, 2].map(work))
  expect(started).toEqual([1, 2, 3, 8, 9])
})

it('gives the place of what fails to the next', async () => {
  const slots = makeSlots(1)
  const failing = slots(0, () => Promise.reject(new Error('no')))
  const next = slots(1, async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
