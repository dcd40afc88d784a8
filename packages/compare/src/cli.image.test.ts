import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ImageReport, type Report, reportProblems } from '@stagecraft/report'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'
import { block } from './block.ts'

const root = join(import.meta.dirname, '../../..')
const cli = join(import.meta.dirname, 'cli.ts')

const compare = (...args: string[]) => execa('node', [cli, ...args], { cwd: root, reject: false })

async function containers(): Promise<string[]> {
  const { stdout } = await execa('docker', [
    'ps',
    '--all',
    '--quiet',
    '--filter',
    'label=dev.stagecraft.compare',
  ])
  return stdout.split('\n').filter(Boolean)
}

describe('pnpm compare', () => {
  let result: Awaited<ReturnType<typeof compare>>
  let report: Report
  const image = (variant: string): ImageReport => {
    const found = report.images.find((one) => one.variant === variant && one.app === 'express-api')
    if (!found) throw new Error(`no ${variant} in the report`)
    return found
  }

  beforeAll(async () => {
    result = await compare('--json', '--runs', '1')
    report = JSON.parse(result.stdout || '{}')
  })

  it('prints a report that keeps its schema, and nothing else, on stdout', () => {
    expect(result.exitCode, result.stderr).toBe(0)
    expect(reportProblems(report)).toEqual([])
  })

  it('covers every image of the bake file, in the order from single to distroless', async () => {
    const { stdout } = await execa('docker', ['buildx', 'bake', '--print', 'all'], { cwd: root })
    const tags = Object.values(JSON.parse(stdout).target as Record<string, { tags: string[] }>).flatMap(
      ({ tags }) => tags,
    )
    expect(report.images.map(({ image }) => image).toSorted()).toEqual(tags.toSorted())
    expect(report.images.slice(0, 4).map(({ variant }) => variant)).toEqual([
      'single',
      'dev',
      'prod',
      'distroless',
    ])
  })

  it('finds every prod within 255 MB, distroless within 165 MB and single over 1.1 GB unpacked', () => {
    const bytes = (wanted: string) =>
      report.images.filter(({ variant }) => variant === wanted).map(({ size }) => size.unpackedBytes)
    expect(Math.max(...bytes('prod'))).toBeLessThanOrEqual(255e6)
    expect(Math.max(...bytes('distroless'))).toBeLessThanOrEqual(165e6)
    expect(Math.min(...bytes('single'))).toBeGreaterThan(1.1e9)
  })

  it('finds what each variant carries: compilers in single alone, no shell in distroless', () => {
    expect(image('single').contents.compilers).not.toEqual([])
    expect(image('prod').contents.compilers).toEqual([])
    expect(image('distroless').contents.shells).toEqual([])
    expect(image('prod').contents.npmPackages.map(({ name }) => name)).toContain('express')
  })

  it('agrees with the table in the README; if not: pnpm compare --update README.md', async () => {
    const path = join(root, 'README.md')
    const cells = block(path, await readFile(path, 'utf8'))
      .split('\n')
      .filter((line) => /^\| [a-z-]+:/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
    const rows = cells.map(([, name = '', pull = '', disk = '']) => ({
      name: name.replace('\\*', ''),
      pull,
      disk,
    }))
    expect(rows.map(({ name }) => name)).toEqual(report.images.map(({ app, variant }) => `${app}:${variant}`))
    for (const [index, { name, pull, disk }] of rows.entries()) {
      const size = report.images[index]?.size ?? { compressedBytes: 0, unpackedBytes: 0 }
      // Debian's updates move a base by less; a changed Dockerfile moves more.
      for (const [text, bytes] of [
        [pull, size.compressedBytes],
        [disk, size.unpackedBytes],
      ] as const) {
        const shown = Number(text.replaceAll(',', '')) * 1e6
        expect(Math.abs(shown / bytes - 1), `${name}: ${text} MB shown, ${bytes} measured`).toBeLessThan(0.05)
      }
    }
  })

  it('leaves no container behind', async () => {
    expect(await containers()).toEqual([])
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

  it('says how to get an image that is missing', async () => {
    const [image, kept] = ['stagecraft/express-api:dev', 'stagecraft-test/kept:dev']
    await execa('docker', ['tag', image, kept])
    await execa('docker', ['image', 'rm', image])
    const { exitCode, stderr } = await compare('express-api-dev', '--no-build')
    await execa('docker', ['tag', kept, image])
    await execa('docker', ['image', 'rm', kept])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`There is no image ${image}.\nLeave out --no-build to have it built.`)
  })

  it('leaves no container behind when it is interrupted', async () => {
    const run = compare('express-api-prod', '--no-build', '--runs', '1000')
    await expect.poll(containers, { timeout: 30_000, interval: 20 }).not.toEqual([])
    run.kill('SIGINT')
    const { exitCode, stderr } = await run
    expect(exitCode).toBe(130)
    expect(stderr).toContain('Interrupted')
    expect(await containers()).toEqual([])
  })
})
