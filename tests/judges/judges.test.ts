import { globSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, matchesGlob } from 'node:path'
import { bake, bakeImages, products, readLocalImage } from '@stagecraft/engine'
import { buildHostTools } from '@stagecraft/engine/test/host-tools'
import { type Contents, contents } from '@stagecraft/image'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const images = (await bakeImages(root)).filter(({ variant }) => products.includes(variant))

interface Excuse {
  judge: 'checkov' | 'dive' | 'syft'
  finding: string
  where: string
  because: string
}
const excuses: Excuse[] = parse(await readFile(join(import.meta.dirname, 'excused.yaml'), 'utf8')) ?? []
const used = new Set<Excuse>()

/** Those of what a judge has found in one place that nothing excuses. */
function notExcused(judge: Excuse['judge'], where: string, findings: readonly string[]): string[] {
  return findings.filter((finding) => {
    const found = excuses.filter(
      (each) =>
        each.judge === judge &&
        matchesGlob(where, each.where) &&
        new RegExp(`^${each.finding}$`).test(finding),
    )
    for (const excuse of found) used.add(excuse)
    return found.length === 0
  })
}

let folder: string
const tool = (name: string, ...args: string[]) => execa(join(folder, 'tools', name), args, { reject: false })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'judges-'))
  await buildHostTools(join(import.meta.dirname, 'tools'), join(folder, 'tools'))
})
afterAll(() => rm(folder, { recursive: true }))

it('checkov finds nothing in a Dockerfile', async () => {
  const exclude = (path: string) =>
    /(^|\/)(node_modules|\.\w+|start|mistakes|alternatives|shapes)$/.test(path)
  const paths = globSync('**/{Dockerfile,Dockerfile.*,*.Dockerfile}', { cwd: root, exclude })
  expect(paths.length).toBeGreaterThan(20)
  const context = join(folder, 'context')
  for (const path of paths) await cp(join(root, path), join(context, 'judged', path))
  await execa('docker', [
    'buildx',
    'build',
    '--builder=default',
    '--quiet',
    `--file=${join(import.meta.dirname, 'tools/checkov.Dockerfile')}`,
    `--output=type=local,dest=${folder}`,
    context,
  ])
  const { results, summary } = JSON.parse(await readFile(join(folder, 'findings.json'), 'utf8'))
  expect(summary).toMatchObject({ parsing_errors: 0, resource_count: paths.length })
  const found = results.failed_checks.flatMap(({ check_id, check_name, file_path }: Record<string, string>) =>
    notExcused('checkov', String(file_path).slice(1), [`${check_id} ${check_name}`]).map(
      (finding) => `${file_path}: ${finding}`,
    ),
  )
  expect(found).toEqual([])
})

/** Packages as syft calls their kinds, and as Contents does. */
const kinds: Record<string, (contents: Contents) => { name: string; version: string }[]> = {
  deb: ({ osPackages }) => osPackages,
  npm: ({ npmPackages }) => npmPackages,
  python: ({ pythonPackages }) => pythonPackages,
  'go-module': ({ goModules }) => goModules,
  'rust-crate': ({ rustCrates }) => rustCrates,
}

it.each(images)('dive and syft agree with what is said of $image', async ({ image, target }) => {
  const archive = join(folder, 'image.tar')
  const output = `type=docker,compression=uncompressed,force-compression=true,dest=${archive}`
  await bake(root, [target], { args: [`--allow=fs.write=${folder}`, `--set=*.output=${output}`] })

  const dive = await tool('dive', '--ci', '--source=docker-archive', archive)
  const failures = [...dive.stdout.matchAll(/FAIL: (.*)/g)].map(([, text = '']) => text)
  expect(dive.stdout, dive.stderr).toContain('PASS: lowestEfficiency')
  expect(notExcused('dive', image, failures)).toEqual([])

  const syft = await tool('syft', '--quiet', '--output=syft-json', `docker-archive:${archive}`)
  const { artifacts }: { artifacts: { type: string; name: string; version: string }[] } = JSON.parse(
    syft.stdout,
  )
  const ours = contents(await readLocalImage(image))
  const differences = [...new Set([...Object.keys(kinds), ...artifacts.map(({ type }) => type)])].flatMap(
    (kind) => {
      const theirs = artifacts
        .filter(({ type }) => type === kind)
        .map(({ name, version }) => `${name} ${version}`)
      const mine = (kinds[kind]?.(ours) ?? []).map(({ name, version }) => `${name} ${version}`)
      return [
        ...theirs.filter((each) => !mine.includes(each)).map((each) => `${kind} ${each}: only syft`),
        ...mine.filter((each) => !theirs.includes(each)).map((each) => `${kind} ${each}: not syft`),
      ]
    },
  )
  expect(notExcused('syft', image, [...new Set(differences)])).toEqual([])
})

it('every excuse is still needed, and has its reason', () => {
  expect(excuses.filter((excuse) => !used.has(excuse) || !excuse.because)).toEqual([])
})
