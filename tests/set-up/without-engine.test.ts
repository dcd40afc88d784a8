import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from '@stagecraft/scripts/process'
import { afterEach, describe, expect, it } from 'vitest'

const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
})

function run(script: string, args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn('node', [join(root, 'scripts', script), ...args], {
    cwd: root,
    env: { ...process.env, CI: '', ...nowhere, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const ended = once(child, 'exit').then(async ([code]) => {
    const [stdout, stderr] = await output
    return { code, stdout, output: stdout + stderr }
  })
  return { child, ended }
}

describe('npm start where no engine runs', () => {
  it('serves the published report and a working analyzer, and ends with Ctrl-C', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    const { child, ended } = run('start.ts', [], { PORT: String(port) })
    const url = `http://127.0.0.1:${port}`
    const latest = async () => (await fetch(`${url}/api/reports/latest`)).json().catch(() => undefined)
    await expect.poll(() => latest().catch(() => undefined)).toMatchObject({ published: true })
    expect(await (await fetch(`${url}/`)).text()).toContain('<div id="root">')
    const analysis = await fetch(`${url}/analyze`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dockerfile: 'FROM scratch\nCOPY . /\n' }),
    })
    expect(await analysis.json()).toMatchObject({ stages: [{ reached: true }] })
    child.kill('SIGTERM')
    const { code, output } = await ended
    expect(code).toBe(130)
    expect(output).toContain('No Docker Engine answers at DOCKER_HOST=unix:///nowhere/docker.sock.\nStart it')
    expect(output).toContain('from another machine')
    await expect(fetch(url)).rejects.toThrow()
    expect(globSync('.cache/without-engine-*', { cwd: root })).toEqual([])
  })
})

describe('npm test where no engine runs', () => {
  it('tests what needs none, counts the rest as skipped, and says why', async () => {
    const { code, stdout } = await run('test.ts', ['lint', 'go-hello'], {}).ended
    expect(stdout).toContain('Skipped 2 suites that need a Docker Engine: go-hello contract, go-hello test.')
    expect(stdout.trimEnd()).toMatch(/No Docker Engine answers.*\nStart it.*\n2 passed, 0 failed, 2 skipped$/)
    expect(code).toBe(0)
  })

  it.each([
    ['with --require-engine', ['lint', '--require-engine'], {}],
    ['where CI is set', ['lint'], { CI: 'true' }],
    ['where nothing is left to test', ['contract'], {}],
  ])('fails %s', async (_where, args, env) => {
    const { code, output } = await run('test.ts', args, env).ended
    expect(output).toContain('No Docker Engine answers')
    expect(code).toBe(1)
  })
})
