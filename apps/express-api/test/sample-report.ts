import type { ImageReport, Report } from '@stagecraft/report'

/** A valid image with these properties instead of the sample's. */
export function sampleImage(changes: Partial<ImageReport> = {}): ImageReport {
  return {
    app: 'express-api',
    variant: 'prod',
    image: 'stagecraft/express-api:prod',
    base: { name: 'node:24-slim', standIn: false },
    size: { compressedBytes: 80_000_000, unpackedBytes: 230_000_000 },
    layers: [
      {
        digest: `sha256:${'0'.repeat(64)}`,
        compressedBytes: 80_000_000,
        unpackedBytes: 230_000_000,
        createdBy: 'COPY /app /app',
      },
    ],
    contents: {
      files: 3000,
      executables: 100,
      osPackages: [{ name: 'libc6', version: '2.41-12' }],
      npmPackages: [{ name: 'express', version: '5.3.0' }],
      shells: ['/bin/sh'],
      packageManagers: [],
      compilers: [],
      setuidFiles: [],
      wastedBytes: 0,
      largestFiles: [{ path: '/usr/local/bin/node', bytes: 126_000_000 }],
    },
    run: {
      startToReadyMs: { median: 240.5, min: 230, max: 260, runs: 5 },
      idleMemoryBytes: 60_000_000,
      stopMs: 20,
    },
    ...changes,
  }
}

/** A valid report with these properties instead of the sample's. */
export function sampleReport(changes: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    createdAt: '2026-01-31T12:00:00.000Z',
    revision: 'd3adbeef',
    host: { engine: '28.5.2', buildkit: 'v0.25.1', architecture: 'amd64', cpus: 2 },
    images: [sampleImage()],
    ...changes,
  }
}
