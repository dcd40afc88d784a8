import { isUtf8 } from 'node:buffer'
import { Problem } from './problem.ts'

// What makes sense is a few levels deep. JSON.parse() takes a million too, but 100 bytes of memory for each.
const maxDepth = 64

/** @throws Problem 400 when the body is not UTF-8 */
export function decodeText(body: Buffer): string {
  if (!isUtf8(body)) throw new Problem(400, 'The body is not valid UTF-8')
  return body.toString()
}

/**
 * The text of a JSON body. It need not be valid JSON yet: parsed, it takes many times the memory.
 * @throws Problem 400 when the body is not UTF-8, or nested so deep that it must not be parsed
 */
export function decodeJson(body: Buffer): string {
  const text = decodeText(body)
  if (isDeeper(body, maxDepth)) throw new Problem(400, `The body is nested deeper than ${maxDepth} levels`)
  return text
}

/** @throws Problem 400 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(400, `The body is not JSON: ${(error as SyntaxError).message}`)
  }
}

/** Whether objects and arrays open more than `max` levels, were `json` valid. */
function isDeeper(json: Uint8Array, max: number): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < json.length; index++) {
    const byte = json[index]
    if (byte === quote) inString = !inString
    else if (inString) index += byte === backslash ? 1 : 0
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > max) return true
    } else if (byte === closeBrace || byte === closeBracket) depth--
  }
  return false
}

const [quote, backslash, openBrace, openBracket, closeBrace, closeBracket] = Buffer.from('"\\{[}]')
