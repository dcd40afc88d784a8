import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { configProblems, loadImageConfig } from './config.ts'

const good = { port: 8080, ready: '/ready', routes: [{ path: '/', status: 200 }] }

describe('an image config', () => {
  it('may say no more than how to ask the app', () => {
    expect(configProblems(good)).toEqual([])
  })

  it('may excuse a variant from a promise, with the reason', () => {
    expect(configProblems({ ...good, excused: { dev: { 'read-only': 'writes its cache' } } })).toEqual([])
  })

  it.each([
    [undefined, '/ must be object'],
    [{ ...good, port: '8080' }, '/port must be integer'],
    [{ ...good, ready: 'ready' }, '/ready must match pattern'],
    [{ ...good, routes: [] }, '/routes must not have fewer than 1 items'],
    [{ ...good, routes: [{ path: '/' }] }, '/routes/0 must have required properties status'],
    [{ ...good, excuses: {} }, '/excuses is not known'],
    [
      { ...good, excused: { lambda: { logs: 'no' } } },
      '/excused/lambda/logs names no variant: there are single,',
    ],
    [{ ...good, excused: { prod: { log: 'no' } } }, '/excused/prod/log names no check: there are ready,'],
    [{ ...good, excused: { prod: { logs: ' ' } } }, '/excused/prod/logs gives no reason'],
    [
      { ...good, excused: { dev: { 'no-tools': 'it' } } },
      '/excused/dev/no-tools excuses from what was never',
    ],
  ])('is wrong as in %j', (value, problem) => {
    expect(configProblems(value)).toEqual([expect.stringContaining(problem)])
  })
})

describe('reading image.config.ts', () => {
  let directory: string | undefined
  const appDir = async () => {
    directory = await mkdtemp(join(tmpdir(), 'contract-'))
    return directory
  }
  afterEach(async () => {
    if (directory) await rm(directory, { recursive: true })
    directory = undefined
  })

  it('gives its default export', async () => {
    const app = await appDir()
    await writeFile(
      join(app, 'image.config.ts'),
      `const port: number = 8080\nexport default ${JSON.stringify(good).replace('8080', 'port')}`,
    )
    expect(await loadImageConfig(app)).toEqual(good)
  })

  it('says that there is none', async () => {
    const app = await appDir()
    await expect(loadImageConfig(app)).rejects.toThrow(`There is no apps/${basename(app)}/image.config.ts.`)
  })

  it('names every mistake and the file', async () => {
    const app = await appDir()
    await writeFile(join(app, 'image.config.ts'), 'export default { port: 0, ready: "/", routes: [{}] }')
    await expect(loadImageConfig(app)).rejects.toThrow(
      new RegExp(`^apps/${basename(app)}/image\\.config\\.ts is wrong:\n {2}/port .*\n {2}/routes/0 `),
    )
  })
})
