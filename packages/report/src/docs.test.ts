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

function typeOf({ type, items, anyOf, const: value }: Schema): string {
  if (anyOf) return anyOf.map((each) => JSON.stringify(each.const)).join(' or ')
  if (items) return items.properties ? 'array' : `array of ${typeOf(items)}`
  return type ?? JSON.stringify(value)
}

/** A row for each value of a document: its path, its type, what it means; objects only where they mean more than their parts. */
function rows(schema: Schema, path: string, optional: boolean): string[] {
  const { description, properties, required, items } = schema
  const meaning = [description ?? items?.description, optional && 'may be missing'].filter(Boolean).join('; ')
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

\`pnpm compare --json\` prints one JSON document; \`--output\` writes it to a file. Sizes are bytes of the image's own blobs: compressed is what a pull transfers, unpacked is the sum of the files' sizes. Its JSON Schema is [report.schema.json](report.schema.json).

| path | type | meaning |
| - | - | - |
${rows(Report as Schema, '', false).join('\n')}

## A report that grows

[express-api](../apps/express-api) keeps reports, and takes one before its figures are there:

- \`POST /api/reports\` keeps a report and answers 201 with \`{ id, createdAt, revision, images, state }\`. One whose \`state\` is \`running\` may have no images yet.
- \`PUT /api/reports/:id\` replaces a running report with the whole document as it is now, and answers 200 with the same. Sent twice, a document gives the same answer twice. It is 404 where there is no such report, and 409 where it runs no longer and the document is another one.
- \`GET /api/reports/:id\` and \`/api/reports/latest\` answer with an \`ETag\`, and 304 to \`If-None-Match\` while nothing has changed; \`Last-Modified\` says when something did.

The dashboard follows a running report by itself. It says so when a document has not changed for a minute: who measures sends news more often than that, or ends with \`done\` or \`interrupted\`.

This page is made from [packages/report](../packages/report/src/index.ts) by its tests: \`pnpm vitest run --project unit -u\` renews it.
`
  await expect(page).toMatchFileSnapshot('../../../docs/report.md')
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...Report }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../docs/report.schema.json')
})
