import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'

const bump = (...args: string[]) =>
  execa('node', [join(import.meta.dirname, '../bump-cli.ts'), ...args], { reject: false })

it('fits its help into 80 columns, with examples', async () => {
  const { stdout, exitCode } = await bump('--help')
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(stdout).toContain('Examples:')
  expect(exitCode).toBe(0)
})

it('lists each line with its end and its source, for another program too', async () => {
  const { stdout, exitCode } = await bump('--json')
  const lines = JSON.parse(stdout) as { name: string; current: string; ends: Record<string, string> }[]
  expect(lines.map(({ name }) => name)).toContain('node')
  for (const { current, ends } of lines) expect(Object.keys(ends)).toContain(current)
  expect(exitCode).toBe(0)
})

it.each([
  [['cobol'], /^There is no "cobol" to raise\.\nThere are: node, /],
  [['node'], /^Which line of Node\.js\?\nThere are: 24, 26$/],
  [['node', '22'], /has no Node\.js 22\.\nAdd it with the date of its last fix: https:/],
  [['debian', '14'], /^There is no "debian" to raise\.\nThere are: node, /],
])('%j is refused, with the next act', async (args, message) => {
  const { stderr, exitCode } = await bump(...args)
  expect(stderr.trim()).toMatch(message)
  expect(exitCode).toBe(2)
})
