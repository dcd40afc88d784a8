import { join } from 'node:path'
import { listApps, listVariants } from '@stagecraft/engine'
import { markdownTable } from 'markdown-table'
import { expect, it } from 'vitest'
import { checksFor } from './check-image.ts'
import { loadImageConfig } from './config.ts'
import { contract, robustness } from './contract.ts'
import type { Check } from './model.ts'

const root = join(import.meta.dirname, '../../..')

/** What the tests hold each image to; a promise that is broken fails them, so a cell has none of those. */
async function imagesByPromises(checks: readonly Check[]): Promise<string> {
  const reasons = new Map<string, number>()
  const rows: string[][] = []
  for (const app of await listApps(root)) {
    const { excused } = await loadImageConfig(join(root, 'apps', app))
    for (const variant of await listVariants(root, app)) {
      const asked = checksFor({ variant }, checks)
      if (asked.length === 0) continue
      const cells = checks.map((check) => {
        if (!asked.includes(check)) return ''
        const reason = excused?.[variant]?.[check.id]
        if (!reason) return 'kept'
        if (!reasons.has(reason)) reasons.set(reason, reasons.size + 1)
        return `(${reasons.get(reason)})`
      })
      rows.push([`${app}:${variant}`, ...cells])
    }
  }
  const table = markdownTable([['image', ...checks.map(({ id }) => id)], ...rows])
  const notes = [...reasons].map(([reason, number]) => `(${number}) excused: ${reason}`)
  return [table, ...notes].join('\n\n')
}

it('is described in docs/contract.md', async () => {
  const table = (checks: readonly Check[]) =>
    markdownTable([
      ['id', 'promise', 'variants'],
      ...checks.map(({ id, promise, appliesTo }) => [`\`${id}\``, promise, appliesTo?.join(', ') ?? 'all']),
    ])
  const page = `# The contract

Every image keeps these promises. The tests boot each image of the bake file and check them all; an app is excused from one only in its \`image.config.ts\`, with the reason, and an excuse that is no longer needed fails the run.

A second of a promise is one of a quiet machine. Where a promise would be broken, the check measures what starting a bare Node process takes at that moment: each tenth of a second that it takes beyond the first gives as much time again.

${table(contract)}

## Images by promises

${await imagesByPromises(contract)}

## Robustness

The tests send the server of each \`prod\` image what no ordinary client sends, over raw connections. A server out of the box keeps most of these promises; the others are kept by its documented settings, or by the framework's error handlers. \`image.config.ts\` excuses from these too. \`pnpm compare\` leaves them out, because they take longer, and \`flood\` is part of \`npm test -- --all\` only.

${table(robustness)}

${await imagesByPromises(robustness)}

The container runs under the limits of \`read-only\`, so that the kernel bounds its memory and its processes, and not a figure in a test: a server that keeps what it should have let go of does not live to the end.

## Volumes

Where an app keeps something on a volume, its images other than \`dev\` are started one after the other with the same volume, and the first of them again: each reads what those before it wrote, and writes. All of them run as the same user, or they could not.

## Secrets

The promise \`no-secrets\` looks into the image. What else leaves a builder is the cache that it exports and the provenance: \`npm test -- --all\` looks for the canary there too, where a Dockerfile mounts a secret.

## Under fault and load

The promise \`stops\` is asked of a container with ten requests in flight. [What the products bear](faults.md) beyond it: thousands of requests while they are stopped, \`docker compose stop\`, kills, a full disk, bytes that are no HTTP.

## Reproducible

The promise \`reproducible\` looks for the files that tools are known to leave, and can be asked of any image. Besides, \`npm test -- --all\` builds every product twice: with the engine's builder, and from a copy of the repository in another folder with a BuildKit daemon that has nothing in its cache. Both must have one digest. Where they have two, each builds the image from nothing once more, and the files that differ are named. The images are exported with \`rewrite-timestamp=true\`, without which each layer keeps the times at which its files were made. The engine's own image store refuses that option, so the images that \`docker buildx bake\` leaves there have the same files, but not the same digest.

This page is made from [packages/contract](../packages/contract/src/contract.ts) by its tests: \`pnpm vitest run --project unit -u\` renews it.
`
  await expect(page).toMatchFileSnapshot('../../../docs/contract.md')
})
