const report = {
  schemaVersion: 1,
  createdAt: '2026-01-31T12:00:00.000Z',
  revision: 'd3adbeef',
  host: { engine: '28.5.2', buildkit: 'v0.25.1', architecture: 'amd64', cpus: 2 },
  images: [
    {
      app: 'express-api',
      variant: 'prod',
      image: 'stagecraft/express-api:prod',
      base: { name: 'node:24-trixie-slim', standIn: false },
      size: { compressedBytes: 85_000_000, unpackedBytes: 240_000_000 },
      layers: [
        {
          digest: `sha256:${'0'.repeat(64)}`,
          compressedBytes: 85_000_000,
          unpackedBytes: 240_000_000,
        },
      ],
      contents: {
        files: 3000,
        executables: 100,
        osPackages: [],
        npmPackages: [{ name: 'express', version: '5.3.0' }],
        shells: ['/bin/sh'],
        packageManagers: [],
        compilers: [],
        setuidFiles: [],
        wastedBytes: 0,
        largestFiles: [],
      },
      run: {
        startToReadyMs: { median: 240, min: 230, max: 260, runs: 5 },
        idleMemoryBytes: 60_000_000,
        stopMs: 20,
      },
    },
  ],
}

const json = 'application/json'
const problem = 'application/problem+json'

/** How the contract asks this app's images; packages/contract/src/config.ts says what each part means. */
export default {
  port: 8080,
  ready: '/readyz',
  routes: [
    { path: '/', status: 200, type: json, json: { name: 'express-api', variant: '{variant}' } },
    { path: '/healthz', status: 200, type: json, json: { status: 'live' } },
    { path: '/readyz', status: 200, type: json, json: { status: 'ready' } },
    { method: 'POST', path: '/api/reports', body: report, status: 201, type: json, json: { images: 1 } },
    { method: 'POST', path: '/api/reports', body: { ...report, images: [] }, status: 422, type: problem },
    {
      method: 'POST',
      path: '/api/reports',
      headers: { 'content-type': json },
      body: '{"schemaVersion":',
      status: 400,
      type: problem,
    },
    { method: 'DELETE', path: '/api/reports', status: 405, type: problem },
    { path: '/api/reports', status: 200, type: json },
    { path: '/api/reports/latest', status: 200, type: json, json: report },
    { path: '/api/reports/1', status: 200, type: json, json: report },
    { path: '/api/reports/999999', status: 404, type: problem, json: { status: 404 } },
    { path: '/api/images/express-api/prod/history?limit=1', status: 200, type: json },
  ],
  inFlight: { method: 'POST', path: '/api/reports', body: report, status: 201 },
  writable: ['/data'],
}
