import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { markdownTable } from 'markdown-table'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

interface Rule {
  rule: string
  kept?: string
  /** As `path: name`. */
  by?: string
  not?: string
}

interface Rules {
  title: string
  source: string
  text?: string
  by?: string
  rules?: (string | Rule)[]
}

const root = join(import.meta.dirname, '../..')
const all: Rules[] = parse(await readFile(join(root, 'docs/rules.yaml'), 'utf8'))
const rules = all.flatMap(({ rules = [] }) => rules.filter((each): each is Rule => typeof each !== 'string'))

const enforced = [...all, ...rules].flatMap(({ by }) => by ?? [])

const split = (by: string): [path: string, name: string] => {
  const at = by.indexOf(': ')
  return [by.slice(0, at), by.slice(at + 2)]
}

it.each([...new Set(enforced)])('there is a test %s', async (by) => {
  const [path, name] = split(by)
  expect(await readFile(join(root, path), 'utf8')).toContain(name)
})

it('each is kept by a test, or not done for a reason', () => {
  expect(rules.filter(({ by, not }) => !by && !not)).toEqual([])
  expect(rules.filter(({ by, kept, not }) => by && !kept && !not)).toEqual([])
})

it('docs/rules.md is made of docs/rules.yaml', async () => {
  const link = (by: string) => {
    const [path] = split(by)
    return `[${path.replace(/^(tests|packages\/contract\/src)\//, '').replace(/(\.test)?\.ts$/, '')}](../${path})`
  }
  const section = ({ title, source, text, by, rules = [] }: Rules) => {
    const names = rules.filter((each) => typeof each === 'string')
    const rows = rules.filter((each) => typeof each !== 'string')
    return [
      `## ${title}`,
      `${text ? `${text} ` : ''}${by ? `Enforced by ${link(by)}. ` : ''}[The list](${source}).`,
      ...(names.length > 0 ? [`${names.map((name) => `\`${name}\``).join(', ')}.`] : []),
      ...(rows.length > 0
        ? [
            markdownTable([
              ['rule', 'kept', 'enforced by', 'not done, because'],
              ...rows.map(({ rule, kept = '', by, not = '' }) => [rule, kept, by ? link(by) : '', not]),
            ]),
          ]
        : []),
    ].join('\n\n')
  }
  const page = `# Others' rules

What others ask of a Dockerfile, which test enforces it here, and what is not done. The names of the rules are theirs.

${all.map(section).join('\n\n')}

This page is made from [rules.yaml](rules.yaml) by its tests: \`pnpm vitest run --project unit -u\` renews it.
`
  await expect(page).toMatchFileSnapshot(join(root, 'docs/rules.md'))
})
