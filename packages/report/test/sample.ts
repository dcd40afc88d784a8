import type { ImageReport, LayerReport, Report } from '../src/schema.ts'

/** A valid layer: twice as large unpacked as compressed. */
export function sampleLayer(compressedBytes: number, createdBy = 'COPY . . # buildkit'): LayerReport {
  const digest = `sha256:${'0'.repeat(64)}`
  return { digest, compressedBytes, unpackedBytes: 2 * compressedBytes, createdBy }
}

/** A valid image with these properties instead of the sample's, as large as its layers are together. */
export function sampleImage(part: Partial<ImageReport> = {}): ImageReport {
  const { app = 'express-api', variant = 'prod', layers = [sampleLayer(80_000_000)] } = part
  const sum = (sizes: number[]): number => sizes.reduce((total, each) => total + each, 0)
  return {
    app,
    variant,
    image: `stagecraft/${app}:${variant}`,
    base: { name: 'node:slim', standIn: false },
    size: {
      compressedBytes: sum(layers.map((layer) => layer.compressedBytes)),
      unpackedBytes: sum(layers.map((layer) => layer.unpackedBytes)),
    },
    layers,
    contents: {
      files: 3000,
      executables: 100,
      osPackages: [{ name: 'libc6', version: '2.41-12' }],
      npmPackages: [{ name: 'express', version: '5.3.0' }],
      shells: ['/bin/sh'],
      packageManagers: ['/usr/bin/apt', '/usr/bin/dpkg'],
      compilers: [],
      setuidFiles: [],
      wastedBytes: 0,
      largestFiles: [{ path: '/usr/local/bin/node', bytes: 126_000_000 }],
    },
    run: {
      startToReadyMs: { median: 240.5, min: 230, max: 260, runs: 5 },
      idleMemoryBytes: 60e6,
      stopMs: 20,
    },
    ...part,
  }
}

/** A valid report with these properties instead of the sample's. */
export function sampleReport(part: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    createdAt: '2026-01-31T12:00:00.000Z',
    revision: 'd3adbeef',
    host: { engine: '28.5.2', buildkit: 'v0.25.1', architecture: 'amd64', cpus: 2 },
    images: [sampleImage()],
    ...part,
  }
}
