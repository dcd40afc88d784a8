import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkImage, contract, type ImageConfig, openSubject, type Subject } from '@stagecraft/contract'
import { readProgress } from '@stagecraft/engine'
import { buildChecks } from '@stagecraft/engine/checks'
import { buildFixtureImages, type FixtureImages } from '@stagecraft/engine/test/fixture-images'
import { ensureHadolint } from '@stagecraft/engine/test/hadolint'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Broken, broken, good, pieces, rebuilt, twice } from './images.ts'

const fixture = join(import.meta.dirname, 'fixture')

const config: ImageConfig = {
  port: 8080,
  ready: '/ready',
  routes: [
    { path: '/ready', status: 200, type: 'application/json', json: { greeting: 'hello' } },
    { method: 'POST', path: '/last', body: {}, status: 201 },
  ],
  inFlight: { method: 'POST', path: '/last', body: { some: 'thing' }, status: 201 },
  writable: ['/data'],
  budget: { prod: 0.1, distroless: 0.1 },
}

function asPattern({ check, seen }: Broken): RegExp {
  if (seen instanceof RegExp) return seen
  return new RegExp(`^${check}: ${seen.split('…').map(RegExp.escape).join('[^]*')}`)
}

let images: FixtureImages
let hadolint: string
const nameOf = (each: Broken) => `broken-${broken.indexOf(each)}`

function open(
  image: string,
  { variant = 'prod', base = 'node:26-trixie-slim' }: Pick<Broken, 'variant' | 'base'> = {},
  more: Partial<ImageConfig> = {},
): Subject {
  return openSubject({
    app: 'fixture',
    variant,
    image,
    base,
    config: { ...config, ...more },
    appDir: fixture,
  })
}

beforeAll(async () => {
  hadolint = await ensureHadolint()
  const rows = broken.flatMap((each) => [
    [nameOf(each), each.dockerfile],
    ...(each.piece?.repaired ? [[`${nameOf(each)}-repaired`, each.piece.repaired]] : []),
  ])
  images = await buildFixtureImages(fixture, { good, ...Object.fromEntries(rows) })
})

afterAll(() => images[Symbol.asyncDispose]())

describe.concurrent('an image that', () => {
  for (const each of broken)
    it(`${each.mistake} fails ${each.check}`, async ({ expect }) => {
      await using subject = open(images.reference(nameOf(each)), each)
      const { value } = await checkImage(subject, [each.check]).next()
      expect(value).toMatchObject({ id: each.check, verdict: 'fail' })
      expect(value?.detail).toMatch(asPattern(each))
      expect(value?.detail).toMatch(/\nPromised: .+\.\nLook at: .+\./)
    })

  for (const each of broken.filter(({ piece }) => piece?.repaired))
    it(`${each.mistake} keeps ${each.check} once it is repaired`, async ({ expect }) => {
      await using subject = open(images.reference(`${nameOf(each)}-repaired`), each)
      const { value } = await checkImage(subject, [each.check]).next()
      expect(value?.verdict, value?.detail).toBe('pass')
    })

  it('keeps every promise passes every check', async ({ expect }) => {
    await using subject = open(images.reference('good'))
    const results = []
    for await (const result of checkImage(subject)) results.push(result)
    expect(results).toEqual(contract.map(({ id }) => ({ id, verdict: 'pass', detail: '' })))
  })

  it('breaks a promise from which it is excused says why', async ({ expect }) => {
    const row = broken.find(({ check }) => check === 'labels') as Broken
    await using subject = open(
      images.reference(nameOf(row)),
      {},
      {
        excused: { prod: { labels: 'a sketch' } },
      },
    )
    const { value } = await checkImage(subject, ['labels']).next()
    expect(value).toMatchObject({ verdict: 'excused' })
    expect(value?.detail).toMatch(/^a sketch\nlabels: there is no/)
  })

  it('keeps a promise from which it is excused fails', async ({ expect }) => {
    await using subject = open(
      images.reference('good'),
      {},
      {
        excused: { prod: { labels: 'a sketch' } },
      },
    )
    const { value } = await checkImage(subject, ['labels']).next()
    expect(value).toMatchObject({ verdict: 'fail' })
    expect(value?.detail).toMatch(/^labels: kept, though excused \("a sketch"\)/)
  })

  it('is not there is an error, not a broken promise', async ({ expect }) => {
    await using subject = open('stagecraft-fixture/none:none')
    await expect(checkImage(subject, ['labels']).next()).rejects.toThrow(
      /^There is no local image stagecraft-fixture\/none:none\./,
    )
  })
})

it('has an image that breaks each promise', () => {
  expect(new Set(broken.map(({ check }) => check))).toEqual(new Set(contract.map(({ id }) => id)))
})

it('refuses a check that there is not', async () => {
  await using subject = open('stagecraft-fixture/none:none')
  await expect(checkImage(subject, ['readyy']).next()).rejects.toThrow('There is no check "readyy".')
})

/** Lets `use` have a folder of its own, with what the images are built of and a Dockerfile. */
async function inContext<T>(dockerfile: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'broken-'))
  try {
    await cp(fixture, folder, { recursive: true })
    await writeFile(join(folder, 'Dockerfile'), dockerfile)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const build = (folder: string, ...flags: string[]) =>
  execa('docker', ['buildx', 'build', '--builder=default', '--provenance=false', ...flags, folder])

describe.concurrent('a Dockerfile that', () => {
  it.each(rebuilt)('$mistake: $seen', async ({ dockerfile, change, instruction, runs, piece }) => {
    const runsAgain = (text: string) =>
      // Nothing of it is cached before.
      inContext(text.replace(/^FROM.*$/m, `$&\nENV RUN=${randomUUID()}`), async (folder) => {
        const output = '--output=type=cacheonly'
        await build(folder, output)
        const file = join(folder, change.file ?? 'Dockerfile')
        const before = await readFile(file, 'utf8')
        await writeFile(file, change.from ? before.replace(change.from, change.to) : before + change.to)
        expect(await readFile(file, 'utf8')).not.toBe(before)
        const { stderr } = await build(folder, output, '--progress=rawjson')
        return readProgress(stderr).find(({ name }) => name.startsWith(instruction))?.ran
      })
    expect([await runsAgain(dockerfile), await runsAgain(piece.repaired ?? good)]).toEqual([runs, !runs])
  })

  const unlike = broken.filter(({ check }) => check === 'reproducible')
  it.each([...twice, ...unlike])('$mistake: $seen', async ({ dockerfile, piece }) => {
    const digest = (text: string) =>
      inContext(text, async (folder) => {
        const output = 'type=image,store=false,source-date-epoch=0,rewrite-timestamp=true'
        const metadata = join(folder, 'metadata.json')
        await build(folder, '--no-cache', `--output=${output}`, `--metadata-file=${metadata}`)
        return JSON.parse(await readFile(metadata, 'utf8'))['containerimage.digest']
      })
    expect(await digest(dockerfile)).not.toBe(await digest(dockerfile))
    expect(await digest(piece?.repaired ?? good)).toBe(await digest(piece?.repaired ?? good))
  })

  it.each(pieces)(
    '$mistake: named by BuildKit and hadolint as the gallery says',
    async ({ dockerfile, piece }) => {
      const named = (text: string) =>
        inContext(text, async (folder) => {
          const file = join(folder, 'Dockerfile')
          const { stdout } = await execa(hadolint, ['--no-fail', '--format=json', file], { cwd: folder })
          const codes: string[] = JSON.parse(stdout).map(({ code }: { code: string }) => code)
          return [...(await buildChecks(file, folder)).map(({ rule }) => rule), ...codes]
        })
      const after = await named(piece.repaired ?? good)
      const found = (await named(dockerfile)).filter((name) => !after.includes(name))
      expect([...new Set(found)].sort()).toEqual(piece.linted ?? [])
    },
  )
})
