import { markdownTable } from 'markdown-table'
import { expect, it } from 'vitest'
import { contract } from './contract.ts'

it('is described in docs/contract.md', async () => {
  const rows = contract.map(({ id, promise, appliesTo }) => [
    `\`${id}\``,
    promise,
    appliesTo?.join(', ') ?? 'all',
  ])
  const page = `# The contract

Every image keeps these promises. The tests boot each image of the bake file and check them all; an app is excused from one only in its \`image.config.ts\`, with the reason, and an excuse that is no longer needed fails the run.

A second of a promise is one of a quiet machine. Where a promise would be broken, the check measures what starting a bare Node process takes at that moment: each tenth of a second that it takes beyond the first gives as much time again.

${markdownTable([['id', 'promise', 'variants'], ...rows])}

This page is made from [packages/contract](../packages/contract/src/contract.ts) by its tests: \`pnpm vitest run --project unit -u\` renews it.
`
  await expect(page).toMatchFileSnapshot('../../../docs/contract.md')
})
