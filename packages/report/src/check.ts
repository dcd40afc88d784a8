import { Compile } from 'typebox/compile'
import { Report } from './schema.ts'

const validator = Compile(Report)

/** Whether `value` keeps the schema. A build puts the compiled code in place of this module: see compile.ts. */
export function Check(value: unknown): value is Report {
  return validator.Check(value)
}
