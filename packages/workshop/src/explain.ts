import type { Lang } from './lang.ts'
import type { Loaded } from './load.ts'
import { causes } from './messages/causes.ts'
import { fill } from './text.ts'
import type { Diagnosis } from './verdict.ts'

/** The paragraphs that tell a diagnosis: what was seen, why it matters, where to look. */
export function explain({ text }: Loaded, { id, kind, cause, figures }: Diagnosis, lang: Lang): string[] {
  const sections = text[lang].sections
  const own = sections.get(`${kind === 'mistake' ? 'mistake' : 'check'}:${id}`)?.text
  const seen = kind === 'mistake' && own ? [] : [fill(causes[lang][cause] ?? causes[lang].other, figures)]
  return [...seen, ...(own ? fill(own, figures).split(/\n{2,}/) : [])]
}
