import { Problem } from '@stagecraft/service'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'

// Fastify's own validator stops at the first error, or keeps all that a hostile document can have.
Settings.Set({ maxErrors: 1000 })
const maxErrors = 50

/**
 * Fastify's validator compiler. A request is what its schema says, or it is refused with 422 and the places where it is
 * not, at most 50: nothing is converted, filled in or left out.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const validator = Compile(schema)
  return (value: unknown) => {
    if (validator.Check(value)) return true
    const errors = schemaErrors(validator.Errors(value))
    return { error: new Problem(422, 'The request does not keep its schema', { extras: { errors } }) }
  }
}

function schemaErrors(errors: TLocalizedValidationError[]): { path: string; message: string }[] {
  const messages = new Map<string, string>()
  for (const { keyword, schemaPath, instancePath, message } of errors) {
    // Each unknown property has an error of its own besides.
    if (keyword === 'additionalProperties') continue
    // Why a change is none of its kinds would fill pages.
    const [change] = schemaPath.includes('/anyOf/') ? (/^\/changed\/\d+/.exec(instancePath) ?? []) : []
    if (change)
      messages.set(change, 'must be a path, or an object with path, instruction, arg, base or secret')
    else if (!messages.has(instancePath))
      messages.set(instancePath, keyword === 'boolean' ? 'is not known' : message)
  }
  return [...messages].slice(0, maxErrors).map(([path, message]) => ({ path, message }))
}
