import { globSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '@stagecraft/report'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'

/** What an image does under requests, and what its program does without a container. */

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'packages/compare/src/cli.ts')
// The watcher of go-hello-dev starts the server in a process group of its own.
const targets = ['go-hello-prod', 'go-hello-dev', 'node-hello-prod', 'react-spa-prod']
const isRoot = process.getuid?.() === 0
let report: Report

beforeAll(async () => {
  const args = [...targets, '--load', '--runs', '2', '--json']
  const { stdout, stderr, exitCode } = await execa('node', [cli, ...args], { cwd: root, reject: false })
  expect(exitCode, stderr).toBe(0)
  report = JSON.parse(stdout)
})

describe.each(targets)('%s', (target) => {
  const run = () => {
    const found = report.images.find(({ app, variant }) => `${app}-${variant}` === target)
    if (!found) throw new Error(`no ${target} in the report`)
    return found.run
  }

  it('has its memory after requests', () => {
    expect(run().loadedMemoryBytes).toBeGreaterThan(500_000)
  })

  it('waits for the request in flight when it stops', () => {
    // nginx takes no request bodies.
    if (target.startsWith('react-spa')) expect(run().busyStopMs).toBeUndefined()
    else expect(run().busyStopMs).toBeGreaterThanOrEqual(500)
  })

  it('was started without a container as often as in one, or says why not', () => {
    const { startToReadyMs, bareStartToReadyMs, notBare } = run()
    if (!isRoot) expect(notBare).toMatch(/not root/)
    else {
      expect(notBare).toBeUndefined()
      expect(bareStartToReadyMs?.runs).toBe(2)
      // The same process and less: the engine makes no namespaces, network and file system first.
      expect(bareStartToReadyMs?.min).toBeLessThan(startToReadyMs.max)
    }
  })
})

it('leaves no process', async () => {
  const roots = globSync('/proc/[0-9]*/root').map((path) => readlink(path).catch(() => ''))
  expect((await Promise.all(roots)).filter((path) => path.startsWith('/mnt/'))).toEqual([])
})
