import { Code } from 'typebox/compile'
import { Report } from './schema.ts'

/** The module check.ts with the schema compiled, so that a program that starts need not load TypeBox's compiler. */
export function compileCheck(): string {
  const { External, Code: code } = Code(Report)
  const variables = External.variables.map((each) =>
    typeof each === 'function' ? `Format.${each.name}` : String(each),
  )
  return `${code}\nimport * as Format from 'typebox/format'\nSetExternal({ variables: [${variables}] })\n`
}
