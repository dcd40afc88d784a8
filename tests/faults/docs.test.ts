import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ImageConfig, loadImageConfig } from '@stagecraft/contract'
import { listApps } from '@stagecraft/engine'
import { markdownTable } from 'markdown-table'
import { expect, it } from 'vitest'
import { type Malformed, undeclared } from './malformed.ts'

const root = join(import.meta.dirname, '../..')
const { date, cpus, images, kills } = JSON.parse(await readFile(join(root, 'docs/faults.json'), 'utf8'))

const configs = new Map(
  await Promise.all(
    (await listApps(root)).map(async (app) => [app, await loadImageConfig(join(root, 'apps', app))] as const),
  ),
)
function undeclaredOf(image: string, { failed }: Pick<Malformed, 'failed'>): string[] {
  const [, app = ''] = /\/(.+):/.exec(image) ?? []
  return undeclared(failed, { config: configs.get(app) as ImageConfig, variant: 'prod' })
}

const count = (value: number) => value.toLocaleString('en')
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)

/** The median ± half the range. */
function spread(values: readonly number[], digits = 0): string {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, median = 0, high = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)]
  const half = (high - low) / 2
  return `${count(Number(median.toFixed(digits)))} ± ${count(Number(half.toFixed(digits)))}`
}

it('docs/faults.md shows what was measured last', async () => {
  const load = markdownTable([
    ['image', 'requests/s', 'bare', '99 % within, ms', 'bare'],
    ...images.map(({ image, load: { container, bare } }: (typeof images)[number]) => [
      image,
      spread(container.rates),
      spread(bare.rates),
      spread(container.p99, 1),
      spread(bare.p99, 1),
    ]),
  ])
  const stops = markdownTable([
    ['image', 'stops', 'answered', 'lost', 'exit codes other than 0'],
    ...images.map(({ image, stops }: (typeof images)[number]) => [
      image,
      stops.stops,
      count(stops.answered),
      stops.lost,
      stops.exits.join(', ') || 'none',
    ]),
  ])
  const malformed = markdownTable([
    [
      'image',
      'requests',
      'refused',
      'taken for requests',
      'closed',
      '5xx',
      'undeclared',
      'ended',
      'memory, MB',
    ],
    ...images.map(({ image, malformed }: (typeof images)[number]) => [
      image,
      count(malformed.requests),
      count(malformed.refused),
      count(malformed.answered),
      count(malformed.closed),
      Object.values(malformed.failed as Record<string, number>).reduce((sum, each) => sum + each, 0),
      undeclaredOf(image, malformed).length,
      malformed.alive ? 'no' : 'yes',
      malformed.memory.map(megabytes).join(' → '),
    ]),
  ])
  const page = `# Under fault and load

What the products bear. The tests do the same with fewer requests in \`npm test -- --all\`, and fail where one is lost, ends or fails; \`node tests/faults/publish.ts\` measures this page, last on ${date} on a machine with ${cpus} CPUs, on the loopback, with the load generator on the same CPUs: the figures compare images, and promise nothing of another machine.

## Load

Ten connections, by [autocannon](https://github.com/mcollina/autocannon), on the image and on the same program as a process of the host, in turns: the median of ${images[0].load.bare.rates.length} turns ± half the range. Express, Fastify and the hellos get a request with a JSON body, nginx one for a page. What the container costs beyond the process is the way through the published port; express-api besides writes each report to the disk, and without a container to memory.

${load}

## Stopped under load

Each is stopped again and again with ten connections in use. Lost is what its log names and nobody got an answer for. The promise \`stops\` of the [contract](contract.md) holds besides that requests of which half has arrived are finished.

${stops}

## Killed

express-api was killed with SIGKILL ${kills.kills} times while eight clients wrote reports. Of ${count(kills.acknowledged)} reports that it had acknowledged, ${kills.lost} were missing after the next start; SQLite's own check of the database says: ${kills.integrity}.

On a full disk it answers 503 and keeps what it has. On a read-only volume it does not start, and says who must be able to write where. It takes over the volume of its first release. It goes on when the clock jumps by years, back and forth.

## Malformed requests

Over raw connections and with the limits of the promise \`read-only\`: bytes at random, requests with bytes changed, floods of headers, slow and short bodies, chunks that are none, encodings and charsets that are none, deep JSON, two lengths, lengths beside chunks. Closed is what was broken off, by the server or, where half a request is all that came, by the client after half a second. 501 and 505 are refusals; a 5xx is declared where \`image.config.ts\` excuses the app from the promise [\`broken-chunks\`](contract.md#robustness): to Flask a body whose chunks are none is an error of its own. Memory is what was in use after a tenth of the requests, and after all.

${malformed}

This page is made from [docs/faults.json](faults.json): \`pnpm vitest run --project unit tests/faults -u\` renews it.
`
  await expect(page).toMatchFileSnapshot(join(root, 'docs/faults.md'))
})

it('nothing that was measured was lost, ended or failed', () => {
  for (const { image, stops, malformed } of images) {
    expect(stops).toMatchObject({ otherwise: 0, lost: 0 })
    expect(stops.exits).toEqual([])
    expect(stops.answered).toBeGreaterThanOrEqual(50_000)
    expect(undeclaredOf(image, malformed)).toEqual([])
    expect(malformed.alive).toBe(true)
  }
  expect(kills).toMatchObject({ lost: 0, integrity: 'ok' })
})
