import { expect, it } from 'vitest'
import { Report } from './index.ts'

type Schema = {
  type?: string
  const?: unknown
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
}

/** A row for each value of a document: its path, its type, what it means. */
function rows(schema: Schema, path: string, optional: boolean): string[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([key, child]) =>
      rows(child, path ? `${path}.${key}` : key, optional || !schema.required?.includes(key)),
    )
  }
  if (schema.items?.properties) return rows(schema.items, `${path}[]`, optional)
  const type = schema.items ? `array of ${schema.items.type}` : (schema.type ?? JSON.stringify(schema.const))
  const meaning = schema.description ?? schema.items?.description ?? ''
  return [`| \`${path}\` | ${type} | ${meaning}${optional ? `${meaning && '; '}may be missing` : ''} |`]
}

it('is described in docs/report.md', async () => {
  const page = `# The report

\`pnpm compare --json\` prints one JSON document; \`--output\` writes it to a file. Sizes are bytes of the image's own blobs: compressed is what a pull transfers, unpacked is the sum of the files' sizes. Its JSON Schema is [report.schema.json](report.schema.json).

| path | type | meaning |
| - | - | - |
${rows(Report as Schema, '', false).join('\n')}

This page is made from [packages/report](../packages/report/src/index.ts) by its tests: \`pnpm vitest run --project unit -u\` renews it.
`
  await expect(page).toMatchFileSnapshot('../../../docs/report.md')
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...Report }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../docs/report.schema.json')
})
