import type { ImageReport, Report } from '@stagecraft/report'
import { expect, it } from 'vitest'
import { renderComparison } from './published.ts'
import { renderTerminal, sentences } from './render.ts'

const image = (variant: string, unpackedBytes: number, standIn = false): ImageReport => ({
  app: 'express-api',
  variant,
  image: `stagecraft/express-api:${variant}`,
  base: { name: 'node:26-trixie-slim', standIn },
  size: { compressedBytes: unpackedBytes / 4, unpackedBytes },
  layers: [{ digest: `sha256:${'0'.repeat(64)}`, compressedBytes: 1, unpackedBytes: 1 }],
  contents: {
    files: 12_345,
    executables: 1,
    osPackages: [],
    npmPackages: [{ name: 'express', version: '5.3.0' }],
    shells: ['/usr/bin/sh'],
    packageManagers: [],
    compilers: [],
    setuidFiles: [],
    wastedBytes: 0,
    largestFiles: [],
  },
  run: {
    startToReadyMs: { median: 312.4, min: 298.2, max: 330, runs: 5 },
    idleMemoryBytes: 61_400_000,
    stopMs: 18.2,
  },
})

const report: Report = {
  schemaVersion: 1,
  createdAt: '2026-11-21T12:00:00.000Z',
  revision: 'unknown',
  host: { engine: '28.5.2', buildkit: 'v0.25.2', architecture: 'amd64', cpus: 2 },
  images: [image('single', 1_660_000_000), image('distroless', 160_000_000, true)],
}

it('renders a table for a terminal that fits 80 columns and ends in a sentence', () => {
  const text = renderTerminal(report)
  expect(text).toMatchInlineSnapshot(`
    "Image                    Pull MB  Disk MB  Ready ms  RAM MB  Stop ms
    express-api:single         415.0  1,660.0  312 ± 22    61.4       18
    express-api:distroless*     40.0    160.0  312 ± 22    61.4       18

    Image                    Layers   Files  OS  Libs  Tools  Setuid  Waste MB
    express-api:single            1  12,345   0     1      1       0       0.0
    express-api:distroless*       1  12,345   0     1      1       0       0.0

    Pull is compressed, disk unpacked, RAM idle.
    Ready is the median of 5 starts; nine of ten comparisons find it within ±.
    OS are packages of the system; libs are npm, Python, Go and Rust packages.
    Tools are shells, package managers and compilers.
    * Measured on a local stand-in, not on the official base image.

    express-api: distroless is 10.4 times smaller than single, 10.4 to pull."
  `)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})

it('says nothing of reductions when there is no single image to compare with', () => {
  expect(sentences({ ...report, images: [image('prod', 1)] })).toEqual([])
})

it('begins Markdown with what has changed, and names what has not', () => {
  const changes = [{ what: 'size', name: 'pull', from: '40000000', to: '41000000', bytes: 1_000_000 }]
  const text = renderComparison({
    ...report,
    differences: [
      { from: 'express-api:single of 2026-11-20', to: 'express-api:single', changes: [] },
      { from: 'express-api:distroless of 2026-11-20', to: 'express-api:distroless', changes },
    ],
  })
  expect(text.split('| Image', 1)[0]).toMatchInlineSnapshot(`
    "\`\`\`text
    express-api:distroless of 2026-11-20 → express-api:distroless
      size             pull   40.0 → 41.0 MB, +1.0
    \`\`\`

    No difference: express-api:single.

    "
  `)
})
