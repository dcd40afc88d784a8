// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { setTimeout as sleep } from 'node:timers/promises'
import { boot, slowness } from '@stagecraft/engine'
import fc from 'fast-check'
import { expect, it } from 'vitest'

/**
 * Documents that are made to be slow, each of at most 1 MiB, sent to fastify-service while others ask whether it is live.
 * ORACLE_REQUESTS is the number of documents for a long run.
 */
const wanted = Number(process.env.ORACLE_REQUESTS ?? 200)
const atOnce = 4

const size = fc.integer({ min: 10, max: 20 }).map((power) => 2 ** power)
const filled = (make: (bytes: number) => object) => size.map(make)
const times = (text: string, bytes: number) => text.repeat(Math.max(1, Math.floor(bytes / text.length)))
const changed = (bytes: number, each: string) =>
  Array.from({ length: Math.min(1000, Math.ceil(bytes / each.length)) }, (_, index) => `${each}${index}`)
const copying = 'FROM scratch\nCOPY . .\n'

const slow: fc.Arbitrary<object> = fc.oneof(
  filled((bytes) => ({ dockerfile: copying, dockerignore: times('[', bytes), changed: ['a'] })),
  filled((bytes) => ({
    dockerfile: copying,
    dockerignore: times('**/*a\n', bytes),
    changed: changed(10_000, 'a/b/'),
  })),
  filled((bytes) => ({
    dockerfile: copying,
    dockerignore: '**/*.md\n!b',
    changed: changed(bytes / 2, 'a/'.repeat(2000)),
  })),
  filled((bytes) => ({ dockerfile: `# syntax=a${times(' ', bytes / 2)}b\n${copying}` })),
  filled((bytes) => ({ dockerfile: `FROM scratch\n${times('EXPOSE 80 81 82 83\n', bytes / 2)}` })),
  filled((bytes) => ({ dockerfile: `FROM scratch\n${times('WORKDIR longer\n', bytes / 2)}` })),
  filled((bytes) => ({ dockerfile: `FROM scratch\nENV A=x\n${times('ENV A=$A$A\n', bytes / 2)}` })),
  filled((bytes) => ({ dockerfile: `FROM scratch\n${times('RUN a \\\n', bytes / 2)}b` })),
  filled((bytes) => ({ dockerfile: `FROM scratch\nRUN <<E\n${times('x\n', bytes / 2)}E` })),
  filled((bytes) => ({ dockerfile: `FROM scratch\nCOPY ${times('${A:-', Math.min(bytes, 60_000))} /x` })),
  filled((bytes) => ({
    dockerfile: `FROM scratch\nARG A=${'a'.repeat(30_000)}\n${times(`ARG B=\${A//${'*?'.repeat(50)}b/x}\n`, bytes / 4)}`,
  })),
  filled((bytes) => ({
    dockerfile: Array.from(
      { length: Math.min(9000, bytes / 64) },
      (_, index) => `FROM scratch AS s${index}\nCOPY --from=s${Math.max(0, index - 1)} /a /b`,
    )
      .join('\n')
      .replace('--from=s0 ', ''),
    changed: ['a'],
  })),
  filled((bytes) => ({ dockerfile: times('FROM scratch\n', bytes) })),
  filled((bytes) => ({ dockerfile: `FROM scratch\nCMD [${times('"a",', Math.min(bytes, 60_000))}"a"]` })),
  filled((bytes) => ({
    dockerfile: copying,
    changed: changed(bytes / 2, 'a'.repeat(4000)),
    dockerignore: `[${times('ab', 30_000)}]*`,
  })),
)

it(`answers while it analyzes ${wanted} documents that are made to be slow`, async () => {
  await using container = await boot({
    image: 'stagecraft/fastify-service:prod',
    port: 8080,
    ready: '/readyz',
  })
  const documents = fc
    .sample(slow, { numRuns: wanted, seed: Number(process.env.ORACLE_SEED ?? 1) })
    .map((each) => JSON.stringify(each))
  const statuses = new Map<number, number>()
  const longest = { answer: 0, probe: 0, probes: 0 }
  let busy = await slowness()
  let running = true
  const timed = async (kind: 'answer' | 'probe', ask: () => Promise<Response>) => {
    const begin = performance.now()
    const response = await ask()
    await response.arrayBuffer()
    longest[kind] = Math.max(longest[kind], performance.now() - begin)
    return response.status
  }
  const probing = (async () => {
    while (running) {
      expect(await timed('probe', () => fetch(`${container.url}/healthz`))).toBe(200)
      longest.probes++
      await sleep(20)
    }
  })()
  const clients = Array.from({ length: atOnce }, async () => {
    for (let body = documents.pop(); body !== undefined; body = documents.pop()) {
      const headers = { 'Content-Type': 'application/json' }
      const status = await timed('answer', () =>
        fetch(`${container.url}/analyze`, { method: 'POST', headers, body: body as string }),
      )
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (documents.length % 20 === 0) busy = Math.max(busy, await slowness())
    }
  })
  await Promise.all(clients)
  running = false
  await probing
  console.log({ ...longest, statuses, busy })
  expect([...statuses.keys()].filter((status) => ![200, 413, 422, 503].includes(status))).toEqual([])
  // The clients share the machine with the service: of its processors, they take what the analysis leaves.
  expect(longest.probe).toBeLessThan(100 * busy + 400)
  expect(longest.answer).toBeLessThan(1000 * busy + 500)
}, 7_200_000)
