import { expect, it } from 'vitest'
import { Report } from './index.ts'

type Schema = {
  type?: string
  const?: unknown
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
}

function typeOf(schema: Schema): string {
  const { type, items, anyOf, const: value } = schema
  if (anyOf) return anyOf.map((each) => JSON.stringify(each.const)).join(' or ')
  if (items) return items.properties ? 'array' : `array of ${typeOf(items)}`
  if (type === undefined && value === undefined) throw new Error(`no type: ${JSON.stringify(schema)}`)
  return type ?? JSON.stringify(value)
}

/** A row for each value of a document: its path, its type, what it means; objects only where they mean more than their parts. */
function rows(schema: Schema, path: string, optional: boolean): string[] {
  const { description, properties, required, items } = schema
  const meaning = [description ?? items?.description, optional && 'optional'].filter(Boolean).join('; ')
  const row = `| \`${path}\` | ${typeOf(schema)} | ${meaning} |`
  if (!properties && !items?.properties) return [row]
  const parts = properties
    ? Object.entries(properties).flatMap(([key, child]) =>
        rows(child, path ? `${path}.${key}` : key, optional || !required?.includes(key)),
      )
    : rows(items as Schema, `${path}[]`, optional)
  return description ? [row, ...parts] : parts
}

it('is described in docs/report.md', async () => {
  const page = `# The report

\`pnpm compare --json\` prints the report as one JSON document. \`--output\` writes it to a file. The JSON Schema is [report.schema.json](report.schema.json).

Sizes are in bytes, and come from the image's own blobs. Compressed is what a pull transfers. Unpacked is the sum of the sizes of the files.

| path | type | meaning |
| - | - | - |
${rows(Report as Schema, '', false).join('\n')}

## A running report

[express-api](../apps/express-api) stores reports. It accepts a report before all of its figures are measured:

- \`POST /api/reports\` stores a report and returns 201 with \`{ id, createdAt, revision, images, state }\`. A report with the \`state\` \`running\` may have no images yet.
- \`PUT /api/reports/:id\` replaces a running report with the whole new document and returns 200 with the same fields. A repeated request with the same document returns the same response. It returns 404 if there is no such report, and 409 if the report is no longer running and the document is different.
- \`GET /api/reports/:id\` and \`/api/reports/latest\` return an \`ETag\` and \`Last-Modified\`. With \`If-None-Match\` they return 304 if nothing has changed.

The dashboard follows a running report. If the document has not changed for a minute, it shows a notice: the program that measures must send an update at least once a minute, or end with \`done\` or \`interrupted\`.

This page is generated from [packages/report](../packages/report/src/index.ts). To update it: \`pnpm vitest run --project unit -u\`
`
  await expect(page).toMatchFileSnapshot('../../../docs/report.md')
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...Report }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../docs/report.schema.json')
})
