import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { listApps } from '../packages/contract/src/apps.ts'
import { imageSuites } from './image-suites.ts'
import { root } from './process.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

it('every test that needs images is in one suite', () => {
  const all = globSync(['{apps,packages}/*/src/**/*.image.test.ts', 'tests/*/*.test.ts'], {
    cwd: root,
  })
  const chosen = Object.values(imageSuites).flatMap((patterns) => globSync(patterns, { cwd: root }))
  expect(chosen.toSorted()).toEqual(all.toSorted())
})

it.each(Object.keys(imageSuites))('npm test runs the suite %s', (suite) => {
  expect(read('scripts/test.ts')).toContain(`name: '${suite}'`)
})

it.each(await listApps(root))('%s is held to the contract', (app) => {
  const { scripts } = JSON.parse(read(`apps/${app}/package.json`))
  expect(scripts.contract).toBe(
    `cd ../.. && APP=${app} TEST_RESULTS=apps/${app}/.turbo/contract.json pnpm contract`,
  )
})
