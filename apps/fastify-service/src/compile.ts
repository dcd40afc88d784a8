import { Ajv } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { dockerfileText, question } from './schemas.ts'

/** The module validators.ts with the schemas compiled, so that the service need not load Ajv to start. */
export function compileValidators(): string {
  const ajv = new Ajv({ code: { source: true, esm: true }, schemas: { question, dockerfileText } })
  return standaloneCode.default(ajv, { validateQuestion: 'question', validateText: 'dockerfileText' })
}
