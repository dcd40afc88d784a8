import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureHadolint, unavailable } from '@stagecraft/engine/test/hadolint'
import { root } from '@stagecraft/scripts/process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const config = join(root, '.hadolint.yaml')
const everywhere = { cwd: root, exclude: (path: string) => /(^|\/)(node_modules|\.\w+)$/.test(path) }

/** What the workshop's learners begin with, and get wrong, is as bad as it is meant to be, as are the shapes of others. */
const isMaterial = (path: string) =>
  /^(workshop\/[^/]+|packages\/workshop\/template)\/(start|mistakes|alternatives)\/|^tests\/shapes\//.test(
    path,
  )

/** Dockerfiles that are files, and those that are part of another file; by what a failure calls them. */
const dockerfiles = new Map(
  [
    ...globSync('**/{Dockerfile,Dockerfile.*,*.Dockerfile}', everywhere)
      .filter((path) => !isMaterial(path) && !path.endsWith('.dockerignore'))
      .map((path) => [path, read(path)]),
    ...globSync('{*.md,docs/**/*.md}', everywhere)
      // Those are stages of files.
      .filter((path) => !path.startsWith('docs/dockerfiles/'))
      .flatMap((path) => parts(path, /^```dockerfile\n(.*?)^```$/gms)),
    ...parts('docker-bake.hcl', /dockerfile-inline\s*=\s*<<EOF\n(.*?)^EOF$/gms),
  ].map(([name = '', text = '']) => [name, text]),
)

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function parts(path: string, pattern: RegExp): [string, string][] {
  return [...read(path).matchAll(pattern)].map(([, text = ''], index) => [`${path}, ${index + 1}.`, text])
}

interface Finding {
  file: string
  line: number
  code: string
  message: string
}

describe.skipIf(unavailable)('hadolint', () => {
  let hadolint: string
  let folder: string
  let findings: Map<string, Finding[]>
  let bare: Finding[]

  /** What hadolint says of texts, in their order. */
  async function lint(texts: string[], configText: string): Promise<Finding[][]> {
    const own = join(folder, 'config.yaml')
    await writeFile(own, configText)
    const files = texts.map((_, index) => join(folder, `${index}.Dockerfile`))
    await Promise.all(files.map((file, index) => writeFile(file, texts[index] ?? '')))
    const args = [`--config=${own}`, '--format=json', '--no-fail', ...files]
    const all = JSON.parse(execFileSync(hadolint, args, { encoding: 'utf8' })) as Finding[]
    return files.map((path) => all.filter(({ file }) => file === path))
  }

  beforeAll(async () => {
    hadolint = await ensureHadolint()
    folder = await mkdtemp(join(tmpdir(), 'stagecraft-hadolint-'))
    const found = await lint([...dockerfiles.values()], readFileSync(config, 'utf8'))
    findings = new Map([...dockerfiles.keys()].map((name, index) => [name, found[index] ?? []]))
    bare = (await lint([...dockerfiles.values()], 'ignored: []\n')).flat()
  }, 600_000)
  afterAll(() => folder && rm(folder, { recursive: true }))

  it.each([...dockerfiles.keys()])('has nothing to say of %s', (name) => {
    const found = findings.get(name)?.map(({ line, code, message }) => `line ${line}: ${code} ${message}`)
    expect(found).toEqual([])
  })

  it('is what says so: it finds what is wrong in others', async () => {
    const [wrong = [], unreadable = []] = await lint(
      ['FROM debian\nRUN sudo true\n', 'FROM debian:trixie\nNOTHING\n'],
      readFileSync(config, 'utf8'),
    )
    expect(wrong.map(({ code }) => code)).toEqual(['DL3006', 'DL3004'])
    expect(unreadable.map(({ code }) => code)).toEqual(['DL1000'])
  })

  it('needs every exception of .hadolint.yaml, each of which has its reason', () => {
    const lines = readFileSync(config, 'utf8').split('\n')
    const ignored = lines.flatMap((line, index) => {
      const [, code] = /^ {2}- (\w+)$/.exec(line) ?? []
      if (!code) return []
      expect(lines[index - 1], code).toMatch(/^ {2}# \S/)
      return [code]
    })
    expect(ignored.length).toBeGreaterThan(0)
    expect(ignored.filter((code) => !bare.some((finding) => finding.code === code))).toEqual([])
  })
})
