import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accepted, mistakes } from '@stagecraft/dockerfile/test/mistakes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagecraft-mistakes-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/**
 * Has BuildKit read a Dockerfile, without building it; answers what it says against it.
 * @param call `check` looks at every stage, `outline` at those that the target needs
 */
async function objection(dockerfile: string, file: string, call = 'check'): Promise<string> {
  await writeFile(file, dockerfile)
  const args = ['buildx', 'build', '--builder=default', `--call=${call}`, `--file=${file}`, folder]
  return new Promise((resolve) => {
    execFile('docker', args, (error, stdout, stderr) => resolve(error ? stderr + stdout : ''))
  })
}

describe.concurrent('BuildKit refuses, and where it says so on the same line,', () => {
  it.each(mistakes)('$name', async ({ name, dockerfile, line, lineInBuildKit = line }) => {
    const said = await objection(dockerfile, join(folder, `${name.replaceAll(' ', '-')}.Dockerfile`))
    expect(said).not.toBe('')
    const [, first, marked] = /Dockerfile:(\d+)\n-+\n([\s\S]*?)\n-+\n/.exec(said) ?? []
    if (!first || !marked) return
    const lines = marked
      .split('\n')
      .flatMap((text) => (text.includes('>>>') ? [Number.parseInt(text, 10)] : []))
    expect(lines, said).toContain(lineInBuildKit)
  })
})

describe.concurrent('BuildKit takes', () => {
  it.each(accepted)('$name', async ({ name, dockerfile }) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.Dockerfile`)
    expect(await objection(dockerfile, file, 'outline')).toBe('')
  })
})
