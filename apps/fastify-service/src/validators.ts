import { Ajv } from 'ajv'
import { dockerfileText, question } from './schemas.ts'

// A build puts the compiled code in place of this module: see compile.ts.
const ajv = new Ajv()
export const validateQuestion = ajv.compile(question)
export const validateText = ajv.compile(dockerfileText)
