import { describe, expect, it } from 'vitest'
import { readRefusal, registryOf } from './pull.ts'

it.each([
  ['node:26-trixie', 'docker.io'],
  ['library/node:26-trixie', 'docker.io'],
  ['gcr.io/distroless/static-debian13:nonroot', 'gcr.io'],
  ['127.0.0.1:5000/x', '127.0.0.1:5000'],
  ['localhost/x', 'localhost'],
])('%s is pulled from %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry)
})

/** What engines say, with containerd's store and without it, of 24 to 28. */
const said = {
  'rate limit': [
    'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    'Error response from daemon: failed to resolve reference "docker.io/library/node:24": unexpected status from HEAD request to https://registry-1.docker.io/v2/library/node/manifests/24: 429 Too Many Requests',
    'Error response from daemon: error from registry: toomanyrequests: Quota exceeded',
  ],
  absent: [
    'Error response from daemon: manifest for node:99 not found: manifest unknown: manifest unknown',
    'Error response from daemon: failed to resolve reference "docker.io/library/node:99": docker.io/library/node:99: not found',
    "Error response from daemon: pull access denied for nobody/nothing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'Error response from daemon: failed to resolve reference "127.0.0.1:5000/x:1": pulling from host 127.0.0.1:5000 failed with status code [manifests 1]: 401 Unauthorized',
  ],
  unreachable: [
    'Error response from daemon: failed to resolve reference "docker.io/library/node:24": failed to do request: Head "https://registry-1.docker.io/v2/library/node/manifests/24": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'Error response from daemon: Get "https://gcr.io/v2/": dial tcp 127.0.0.1:443: connect: connection refused',
    'Error response from daemon: failed to resolve reference "gcr.io/x:1": unexpected status from HEAD request to https://gcr.io/v2/x/manifests/1: 503 Service Unavailable',
    '',
  ],
} as const

describe.each(Object.entries(said))('%s', (refusal, outputs) => {
  it.each([...outputs])('%s', (output) => {
    expect(readRefusal(output)).toBe(refusal)
  })
})
