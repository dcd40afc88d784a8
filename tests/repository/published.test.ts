import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { block } from '@stagecraft/compare/block'
import { publishedPages, readPublished } from '@stagecraft/compare/published'
import { reportProblems } from '@stagecraft/report'
import { root } from '@stagecraft/scripts/process'
import { expect, it } from 'vitest'

const report = await readPublished(root)

it('the published report keeps its schema', () => {
  expect(reportProblems(report)).toEqual([])
})

it.each(Object.entries(publishedPages))(
  'the table of %s is made of the published report',
  async (page, render) => {
    const path = join(root, page)
    expect(block(path, await readFile(path, 'utf8')), 'Renew it: pnpm compare --publish').toBe(render(report))
  },
)
