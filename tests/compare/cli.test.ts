import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selectImages } from '@stagecraft/compare/select-images'
import { ownerLabel, readLocalImage } from '@stagecraft/engine'
import { contents } from '@stagecraft/image'
import { type ImageReport, type Report, reportProblems } from '@stagecraft/report'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'packages/compare/src/cli.ts')

const compare = (...args: string[]) => execa('node', [cli, ...args], { cwd: root, reject: false })

async function containers(): Promise<string[]> {
  const { stdout } = await execa('docker', [
    'ps',
    '--all',
    '--quiet',
    '--filter',
    `label=${ownerLabel}`,
    '--filter',
    'ancestor=stagecraft/express-api:distroless',
  ])
  return stdout.split('\n').filter(Boolean)
}

describe('pnpm compare', () => {
  let result: Awaited<ReturnType<typeof compare>>
  let report: Report
  const image = (variant: string): ImageReport => {
    const found = report.images.find((one) => one.variant === variant)
    if (!found) throw new Error(`no ${variant} in the report`)
    return found
  }

  beforeAll(async () => {
    result = await compare('express-api-distroless', 'express-api-prod', '--json', '--runs', '1')
    report = JSON.parse(result.stdout || '{}')
  })

  it('prints a report that keeps its schema, and nothing else, on stdout', () => {
    expect(result.exitCode, result.stderr).toBe(0)
    expect(reportProblems(report)).toEqual([])
  })

  it('covers what it is asked for, in the order from single to distroless', () => {
    expect(report.images.map(({ image }) => image)).toEqual([
      'stagecraft/express-api:prod',
      'stagecraft/express-api:distroless',
    ])
  })

  it('prints all of it into a pipe that is read slowly', async () => {
    const command = `node ${cli} express-api-prod express-api-distroless --json | { sleep 1; cat; }`
    const { stdout } = await execa('sh', ['-c', command], { cwd: root })
    // What a pipe takes at once.
    expect(stdout.length).toBeGreaterThan(65_536)
    expect(JSON.parse(stdout).images).toHaveLength(2)
  })

  it('covers every image of the bake file when it is asked for nothing', async () => {
    const { stdout } = await execa('docker', ['buildx', 'bake', '--print', 'all'], { cwd: root })
    const tags = Object.values(JSON.parse(stdout).target as Record<string, { tags: string[] }>).flatMap(
      ({ tags }) => tags,
    )
    const all = (await selectImages(root, ['all'])).map(({ image }) => image)
    expect(all.toSorted()).toEqual(tags.toSorted())
  })

  it('says of an image what is read from it', async () => {
    for (const variant of ['prod', 'distroless']) {
      const facts = await readLocalImage(image(variant).image)
      const { compressedBytes, unpackedBytes } = facts
      expect(image(variant).size).toEqual({ compressedBytes, unpackedBytes })
      expect(contents(facts)).toMatchObject(image(variant).contents)
    }
  })

  it('finds no compiler in prod, no shell in distroless, and the packages that the app needs', () => {
    expect(image('prod').contents.compilers).toEqual([])
    expect(image('distroless').contents.shells).toEqual([])
    expect(image('prod').contents.npmPackages.map(({ name }) => name)).toContain('express')
  })

  it('tells what the second of two images has that the first has not', () => {
    const [difference, ...others] = report.differences ?? []
    expect(others).toEqual([])
    expect(difference).toMatchObject({ from: 'express-api:prod', to: 'express-api:distroless' })
    expect(difference?.changes).toContainEqual({
      what: 'entrypoint',
      name: '',
      from: 'docker-entrypoint.sh',
      to: '/nodejs/bin/node',
    })
    expect(difference?.changes).toContainEqual({ what: 'package manager', name: '/usr/bin/apt', from: '' })
  })

  it('leaves no container behind', async () => {
    expect(await containers()).toEqual([])
  })
})

describe('pnpm compare, asked again', () => {
  const measured = async (...args: string[]): Promise<ImageReport> => {
    const { exitCode, stdout, stderr } = await compare('go-hello-scratch', '--json', ...args)
    expect(exitCode, stderr).toBe(0)
    expect(reportProblems(JSON.parse(stdout))).toEqual([])
    return JSON.parse(stdout).images[0]
  }

  it('takes the figures of the same image, with their date, and measures anew with --fresh', async () => {
    const fresh = await measured('--fresh')
    expect(fresh.run.measuredAt).toBeUndefined()
    const again = await measured()
    expect(again).toEqual({ ...fresh, run: { ...fresh.run, measuredAt: expect.any(String) } })
    expect(Date.parse(again.run.measuredAt ?? '')).toBeLessThan(Date.now())
    expect((await measured('--runs', '1')).run).toMatchObject({ startToReadyMs: { runs: 1 } })
  })
})

describe('pnpm compare, with images and reports from elsewhere', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'compare-'))
    await execa('docker', ['save', '--output', join(folder, 'go.tar'), 'stagecraft/go-hello:scratch'])
    await mkdir(join(folder, 'layout'))
    await execa('tar', ['--extract', '--file', join(folder, 'go.tar'), '--directory', join(folder, 'layout')])
    await writeFile(join(folder, 'cut.tar'), (await readFile(join(folder, 'go.tar'))).subarray(0, 100_000))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('reads an archive and a layout as the image itself, and what is damaged costs itself alone', async () => {
    const paths = ['go.tar', 'cut.tar', 'layout'].map((name) => join(folder, name))
    const images = paths.flatMap((path) => ['--image', path])
    const { exitCode, stdout, stderr } = await compare(...images, '--json')
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${paths[1]} failed: `)
    const report: Report = JSON.parse(stdout)
    expect(reportProblems(report)).toEqual([])
    const { compressedBytes, unpackedBytes } = await readLocalImage('stagecraft/go-hello:scratch')
    const { others = [] } = report
    expect(others.map(({ image, size }) => ({ image, size }))).toEqual(
      [paths[0], paths[2]].map((image) => ({ image, size: { compressedBytes, unpackedBytes } })),
    )
    expect(others.map(({ notRun }) => notRun)).toEqual(Array(2).fill(expect.stringContaining('docker load')))
    // With the same program, but certificates and time zones: the image itself is the nearest.
    expect(others.map(({ like }) => like?.from)).toEqual(Array(2).fill('go-hello:scratch'))
  })

  it('tells what has changed since a report', async () => {
    const file = join(folder, 'before.json')
    const first = await compare('go-hello-scratch', '--no-build', '--runs', '1', '--output', file)
    expect(first.exitCode, first.stderr).toBe(0)
    const before: Report = JSON.parse(await readFile(file, 'utf8'))
    before.images[0]?.contents.goModules?.push({ name: 'example.com/gone', version: 'v1.0.0' })
    await writeFile(file, JSON.stringify(before))
    const { stdout } = await compare('go-hello-scratch', '--no-build', '--runs', '1', '--against', file)
    expect(stdout).toMatch(
      /go-hello:scratch of 20.* → go-hello:scratch\n(.*\n)* {2}Go module +-1: example.com\/gone/,
    )
  })

  it('exits 2 for an image or a report that is not there, before anything is measured', async () => {
    const image = await compare('--image', 'nobody/has-this')
    expect({ exitCode: image.exitCode, stderr: image.stderr.trim() }).toEqual({
      exitCode: 2,
      stderr:
        'There is no image nobody/has-this on this machine, and no file or folder of that name.\nGet it first: docker pull nobody/has-this',
    })
    const report = await compare('--against', join(folder, 'layout/oci-layout'))
    expect(report.exitCode).toBe(2)
    expect(report.stderr).toContain('is no report: ')
  })
})

describe('pnpm compare, asked for what cannot be', () => {
  it('names the targets there are for one that is unknown, and exits 2', async () => {
    const { exitCode, stdout, stderr } = await compare('express-api-prd')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('The bake file has no target "express-api-prd".\nThere are all, express-api-')
  })

  it('says that no engine answers, and the next act', async () => {
    const { exitCode, stderr } = await execa('node', [cli], {
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
      reject: false,
    })
    expect(exitCode).toBe(1)
    expect(stderr.trim()).toBe('No Docker Engine answers.\nSet one up, or learn what is wrong: npm run setup')
  })

  it('exits 2 with a hint for a wrong option', async () => {
    const { exitCode, stderr } = await compare('--runs', '0')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('It is a whole number from 1 to 1000.')
    expect(stderr).toContain('Try: pnpm compare --help')
  })

  it('leaves no container behind when it is interrupted', async () => {
    const run = compare('express-api-distroless', '--no-build', '--runs', '1000')
    await expect.poll(containers, { interval: 20 }).not.toEqual([])
    run.kill('SIGINT')
    const { exitCode, stderr } = await run
    expect(exitCode).toBe(130)
    expect(stderr).toContain('Interrupted')
    expect(await containers()).toEqual([])
  })
})
