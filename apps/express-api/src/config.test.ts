import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from './config.ts'

it('keeps reports under the working directory unless told', () => {
  expect(readConfig({ PORT: '0' })).toMatchObject({ port: 0, dataDir: resolve('data') })
  expect(readConfig({ DATA_DIR: '' }).dataDir).toBe(resolve('data'))
  expect(readConfig({ DATA_DIR: '/data' }).dataDir).toBe('/data')
})
