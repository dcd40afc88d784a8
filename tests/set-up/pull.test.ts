import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { makePuller } from '@stagecraft/scripts/stand-ins/pull'
import { expect, it, onTestFinished, vi } from 'vitest'

const docker = (...args: string[]) => promisify(execFile)('docker', args)

/** A registry on loopback, which an engine asks without TLS. */
async function startRegistry(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  /** Which of the images it was asked for. */
  const askedFor = () => [...new Set(asked.flatMap((line) => /\/v2\/(\w+)\/manifests/.exec(line)?.[1] ?? []))]
  return { host, askedFor, connections: () => asked.length }
}

/** What is said on stderr, a line each. */
function listen(): string[] {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text).trim())
    return true
  })
  onTestFinished(() => void vi.restoreAllMocks())
  return lines
}

const names = ['a', 'b', 'c', 'd', 'e', 'f']

it('a registry that says nothing is asked once, and waited for once', async () => {
  const lines = listen()
  const { host, connections } = await startRegistry(() => undefined)
  const pull = makePuller({ silenceMs: 1500 })
  const pulled = await Promise.all(names.map((name, rank) => pull(`${host}/${name}:1`, rank)))
  expect(pulled).toEqual(names.map(() => false))
  expect(connections()).toBeLessThanOrEqual(2)
  expect(lines).toEqual([`bases       ${host} is out of reach (it says nothing)`])
})

it('a registry that nobody runs is asked once', async () => {
  const lines = listen()
  const pull = makePuller()
  const pulled = await Promise.all(names.map((name, rank) => pull(`127.0.0.1:9/${name}:1`, rank)))
  expect(pulled).toEqual(names.map(() => false))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/127\.0\.0\.1:9 is out of reach \(.*connection refused\)/)
})

it('a rate limit is said, with what to do, and asked for once', async () => {
  const { host, askedFor } = await startRegistry((_, response) => {
    response.writeHead(429, { 'content-type': 'application/json' })
    response.end('{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit"}]}')
  })
  const pull = makePuller()
  const results = await Promise.allSettled(names.map((name, rank) => pull(`${host}/${name}:1`, rank)))
  for (const [index, result] of results.entries()) {
    expect(result).toMatchObject({
      reason: {
        message: `${host} has a rate limit, and gives no more images for now: ${host}/${names[index]}:1 is missing.`,
        next: 'Log in (docker login), or wait and run this again, or build stand-ins: npm run setup -- --stand-ins',
      },
    })
  }
  expect(askedFor()).toHaveLength(1)
})

it('an image that a registry does not have stops no other, and they come side by side', async () => {
  const lines = listen()
  const blobs = new Map<string, Buffer>()
  const keep = (value: unknown) => {
    const blob = Buffer.from(JSON.stringify(value))
    const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`
    blobs.set(digest, blob)
    return { digest, size: blob.length }
  }
  const type = 'application/vnd.oci.image'
  const manifests = new Map(
    names.slice(1).map((name) => {
      const config = keep({
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config: { Env: [`NAME=${name}`] },
        rootfs: { type: 'layers', diff_ids: [] },
      })
      const media = { schemaVersion: 2, mediaType: `${type}.manifest.v1+json` }
      return [
        name,
        keep({ ...media, config: { mediaType: `${type}.config.v1+json`, ...config }, layers: [] }),
      ]
    }),
  )
  let waiting = 0
  let most = 0
  const { host } = await startRegistry(async (request, response) => {
    const [, , name = '', kind, reference = ''] = (request.url ?? '').split('/')
    if (!kind) return response.end('{}')
    const digest = kind === 'manifests' && !reference.includes(':') ? manifests.get(name)?.digest : reference
    const blob = blobs.get(digest ?? '')
    if (!blob || !digest) {
      response.writeHead(404, { 'content-type': 'application/json' })
      return response.end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')
    }
    if (kind === 'blobs') {
      most = Math.max(most, ++waiting)
      await sleep(1000)
      waiting--
    }
    const headers = {
      'content-type': kind === 'manifests' ? `${type}.manifest.v1+json` : 'application/octet-stream',
      'content-length': blob.length,
      'docker-content-digest': digest,
    }
    return response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : blob)
  })
  onTestFinished(async () => {
    await docker('image', 'rm', '--force', ...names.map((name) => `${host}/${name}:1`))
  })
  const pull = makePuller({ atATime: 3 })
  const pulled = await Promise.all(names.map((name, rank) => pull(`${host}/${name}:1`, rank)))
  expect(pulled).toEqual([false, true, true, true, true, true])
  expect(most).toBe(3)
  expect(lines.filter((line) => line.includes('does not give'))).toEqual([
    expect.stringContaining(`${host} does not give ${host}/a:1 (`),
  ])
})
