import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canary } from '@stagecraft/engine'
import { structuredPatch } from 'diff'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { good, pieces } from './images.ts'

const root = join(import.meta.dirname, '../..')

type Rule = string | { rule: string }
const lists: { title: string; rules?: Rule[] }[] = parse(
  await readFile(join(root, 'docs/rules.yaml'), 'utf8'),
)

/** The whole text of a rule of docs/rules.yaml. @throws Error when none, or more than one, begins so */
function ruleText(start: string): string {
  const found = lists.flatMap(({ title, rules = [] }) =>
    rules.flatMap((each) =>
      typeof each !== 'string' && each.rule.startsWith(start)
        ? [title.startsWith('CIS') ? `CIS ${each.rule}` : `Docker: ${each.rule}`]
        : [],
    ),
  )
  if (found.length !== 1) throw new Error(`${found.length} rules of docs/rules.yaml begin with "${start}".`)
  return String(found)
}

/**
 * Without the labels, which are beside the point everywhere but in one piece, without what tells the server which mistake to
 * make, and without what is searched for in images.
 */
const plain = (dockerfile: string) =>
  dockerfile
    .trimStart()
    .replaceAll(canary, 'a-token')
    .replace(/^ENV MISTAKE=.*\n/m, '')
    .replace(/^LABEL org\.opencontainers\.image\.(?!revision).*\n/gm, '')

const shown = pieces.map(({ dockerfile, seen, piece, ...each }) => {
  if (typeof seen !== 'string') throw new Error(`${piece.title}: the gallery shows a text.`)
  const { hunks } = structuredPatch('', '', plain(dockerfile), plain(piece.repaired ?? good), '', '', {
    context: 1,
  })
  const lines = hunks.flatMap(({ lines }, index) => [...(index > 0 ? ['  …'] : []), ...lines])
  return {
    title: piece.title,
    why: piece.why,
    lines,
    seen: `${seen[0]?.toUpperCase()}${seen.slice(1)}`.replaceAll('\n', ' '),
    ...('check' in each && { promise: each.check }),
    linted: piece.linted ?? [],
    rules: (piece.rules ?? []).map(ruleText),
    ...(piece.exercise && { exercise: piece.exercise }),
  }
})

it('each piece has something to repair', () => {
  expect(shown.length).toBeGreaterThanOrEqual(30)
  expect(shown.filter(({ lines }) => !lines.some((line) => /^[-+]/.test(line)))).toEqual([])
  expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length)
})

it('an exercise that a piece names is one of the workshop', async () => {
  for (const slug of new Set(shown.flatMap(({ exercise }) => exercise ?? [])))
    expect(await readFile(join(root, 'workshop', slug, 'exercise.yaml'), 'utf8')).toContain(`slug: ${slug}`)
})

it('docs/gallery.md and the dashboard show the pieces', async () => {
  const silent = shown.filter(({ linted }) => linted.length === 0)
  const sections = shown.map(({ title, why, lines, seen, promise, linted, rules, exercise }) => {
    const named = [...linted.map((name) => `\`${name}\``), ...rules]
    return `## ${title}

\`\`\`diff
${lines.join('\n')}
\`\`\`

${why}

A run shows: ${seen.replaceAll('<', '&lt;')}.${promise ? ` This breaks the promise [\`${promise}\`](contract.md).` : ''}

Named by: ${named.length > 0 ? named.join('; ') : 'nobody'}.${exercise ? ` In the workshop: \`pnpm workshop start ${exercise}\`.` : ''}
`
  })
  const page = `# The gallery

${shown.length} mistakes in Dockerfiles: the lines, what a run of the image or of the build shows, and the repair. The tests build each, see the damage, and see it gone once the lines are replaced. All stand in the same Dockerfile of a small server, [which keeps every promise](../tests/broken/images.ts) of the [contract](contract.md).

BuildKit's checks and hadolint, with every rule on, name ${shown.length - silent.length} of them. The other ${silent.length} are seen only when the image runs, or is built again. "…" stands for what is another text each time.

${sections.join('\n')}
This page is made from [tests/broken](../tests/broken/images.ts) by its tests: \`pnpm vitest run --project unit tests/broken -u\` renews it.
`
  await expect(page).toMatchFileSnapshot(join(root, 'docs/gallery.md'))
  await expect(`${JSON.stringify(shown, undefined, 2)}\n`).toMatchFileSnapshot(
    join(root, 'apps/react-spa/src/gallery/pieces.json'),
  )
})
