import { expect, it } from 'vitest'
import { runMain } from '../test/process.ts'

it('answers the request under way when it stops', async () => {
  await using main = await runMain()
  await main.ready()
  const finish = await main.beginPost('/analyze', JSON.stringify({ dockerfile: 'FROM scratch\n' }))
  main.process.kill('SIGTERM')
  await main.stopsListening()
  expect(await finish()).toBe(200)
  expect(await main.exit).toEqual([0, null])
})

it('names the variables with a wrong value', async () => {
  await using main = await runMain({ PORT: 'http', LOG_LEVEL: 'loud' })
  expect(await main.exit).toEqual([1, null])
  expect(main.stderr()).toMatch(/PORT/)
  expect(main.stderr()).toMatch(/LOG_LEVEL/)
})
