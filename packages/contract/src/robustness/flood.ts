import { Agent, request } from 'node:http'
import { eventually, type RunningContainer, runBeside } from '@stagecraft/engine'
import { inLimitedContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { limits } from '../subject.ts'
import { isRefusal, open } from './connection.ts'
import { type Asked, askedOf, head } from './requests.ts'
import { unharmed } from './unharmed.ts'

/** Bytes of a body: within what any app takes. */
const size = 60_000
/** Together they have more bytes than the container has memory. */
const requests = Math.ceil(limits.Memory / size)
const brokenOff = 200
const connections = 8

const bodies = [`{"a":"${'x'.repeat(size - 8)}"}`, `{"a":"${'x'.repeat(size - 6)}`, '['.repeat(size)]

export const flood: Check = {
  id: 'flood',
  promise: `under the limits of \`read-only\`, refuses ${requests} requests whose bodies together exceed its memory, and survives ${brokenOff} connections broken off in the middle of a request; no process ends, and no file or connection of them stays open`,
  appliesTo: ['prod'],
  async check(subject) {
    const asked = askedOf(subject.config)
    await inLimitedContainer(flood, subject, async (container) => {
      // What it opens once and keeps, it has then.
      await refuse(container.url, asked, 10 * connections)
      await breakOff(container.url, asked, connections)
      const before = await openFiles(container.handle)
      const problems = await unharmed(container, subject.config.ready, async () => {
        const found = await refuse(container.url, asked, requests)
        await breakOff(container.url, asked, brokenOff)
        return found
      })
      if (problems.length === 0) problems.push(...(await leftOpen(container.handle, before)))
      if (problems.length > 0)
        throw new BrokenPromise(
          flood,
          problems.join('; '),
          'what the app keeps of a request that it has refused',
        )
    })
  },
}

/** @returns each way in which a bad request was answered, other than by a refusal, with how often */
async function refuse(url: string, { post: [line = ''] }: Asked, count: number): Promise<string[]> {
  const [method, path] = line.split(' ')
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const answers = new Map<string, number>()
  let asked = 0
  const post = (body: string) =>
    new Promise<string>((resolve) => {
      const headers = { 'content-type': 'application/json', 'content-length': body.length }
      const sent = request(url + path, { method, agent, headers, timeout: 20_000 })
      sent
        // It may close the connection before it has read all.
        .on('response', (response) => response.resume().on('close', () => resolve(`${response.statusCode}`)))
        .on('timeout', () => sent.destroy(new Error('nothing')))
        .on('error', ({ message, code }: NodeJS.ErrnoException) => resolve(code ?? message))
        .end(body)
    })
  const work = async () => {
    while (asked < count) {
      const answer = await post(bodies[asked++ % bodies.length] ?? '')
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  agent.destroy()
  return [...answers]
    .filter(([answer]) => !isRefusal(Number(answer)) && answer !== 'ECONNRESET' && answer !== 'EPIPE')
    .map(([answer, times]) => `${times} of ${count} bad requests were answered ${answer}`)
}

async function breakOff(url: string, { get, post }: Asked, count: number): Promise<void> {
  const beginnings = [get, `${head(...post, 'Content-Length: 1000')}{`]
  for (let index = 0; index < count; index++) {
    const { socket, closed } = await open(url)
    socket.write(beginnings[index % beginnings.length] ?? '', () => socket.resetAndDestroy())
    await closed
  }
}

/**
 * Waits until about as few files are open as before: a server may open one late, but what is left of each request would be
 * hundreds. @returns how many are, if they are more
 */
async function leftOpen(container: RunningContainer['handle'], before: number): Promise<string[]> {
  let after = before
  const look = async () => {
    after = await openFiles(container)
    return after < before + brokenOff / 4 || undefined
  }
  const closed = await eventually(20_000, look, 5000)
  return closed ? [] : [`it has ${after} files and connections open, ${before} before`]
}

/** How many files, connections among them, the processes of a container have open; none of them is root's. */
async function openFiles(container: RunningContainer['handle']): Promise<number> {
  const count = await runBeside('find /proc/[0-9]*/fd -type l ! -user 0 2> /dev/null | wc -l', {
    PidMode: `container:${container.id}`,
    CapAdd: ['SYS_PTRACE'],
  })
  return Number(count)
}
