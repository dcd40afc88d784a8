import { join } from 'node:path'
import { expect, it } from 'vitest'
import { causes } from '../messages/causes.ts'
import { placeholdersOf } from '../text.ts'
import { facts } from './index.ts'

const tiers = ['the text', "BuildKit's checks", 'a build', 'the archive', 'a container', 'a second build']

it('docs/workshop-facts.md lists every fact', async () => {
  const rows = Object.entries(facts)
    .sort(([, a], [, b]) => a.tier - b.tier)
    .map(([name, { tier, what, takes, mistakesOnly }]) => {
      const own = takes.map((each) => `\`${each}\``).join(', ')
      return `| \`${name}\` | ${tiers[tier]} | ${what}${mistakesOnly ? ' For mistakes only.' : ''} | ${own} |`
    })
  const page = `# Facts of the workshop

What the checks, mistakes and predictions of an [exercise](workshop.md) can be about. Only a new fact needs code, in [packages/workshop/src/facts](../packages/workshop/src/facts). A fact that the text alone does not decide is looked up further down this table.

| fact | needs | is | takes |
|---|---|---|---|
${rows.join('\n')}

\`target\`, \`args\` (build arguments), \`secrets\` and \`noSecrets\` say which build; \`change\` is made in a copy of the folder before a second one: \`{ path, append | content | remove | touch }\`, or \`{ instruction, text }\` for the instruction that matches. \`run\` are arguments of the container, \`entry\` its entrypoint, \`user\` its user. \`instruction\` is a regular expression over the text of an instruction, with its continuation lines and heredocs.
`
  await expect(page).toMatchFileSnapshot(join(import.meta.dirname, '../../../../docs/workshop-facts.md'))
})

it('every fact has a text that tells it, the same in both languages', () => {
  const told = (lang: 'en' | 'es') => Object.keys(causes[lang]).sort()
  const untold = Object.keys(facts).filter((name) => !facts[name]?.mistakesOnly && !causes.en[name])
  expect(untold).toEqual([])
  expect(told('es')).toEqual(told('en'))
  for (const [name, text] of Object.entries(causes.en))
    expect(placeholdersOf(causes.es[name] as string), name).toEqual(placeholdersOf(text))
})
