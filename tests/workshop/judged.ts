import { explain } from '@stagecraft/workshop/explain'
import type { Loaded } from '@stagecraft/workshop/load'
import { tryVariant, type Variant } from '@stagecraft/workshop/try'

/** What the check says of a variant, and what it should; with what a learner reads, for the message of a failure. */
export async function judge(loaded: Loaded, variant: Variant) {
  const { verdict, expected } = await tryVariant(loaded, variant)
  const { diagnosis } = verdict
  return {
    found: diagnosis?.id ?? 'passes',
    expected: expected ?? 'passes',
    said: diagnosis ? explain(loaded, diagnosis, 'en').join('\n') : '',
    // In both languages, nothing is left to be filled in.
    unfilled: diagnosis
      ? (['en', 'es'] as const)
          .flatMap((lang) => explain(loaded, diagnosis, lang))
          .filter((text) => /\{\{|–/.test(text))
      : [],
  }
}
