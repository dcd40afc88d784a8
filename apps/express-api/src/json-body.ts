import { isUtf8 } from 'node:buffer'
import { MIMEType } from 'node:util'
import { type RequestHandler, raw } from 'express'
import { Problem } from './problems.ts'

/** The largest body that is read, in bytes, after decompression. */
export const maxBodyBytes = 2 * 1024 * 1024

// A report is 6 deep. JSON.parse() takes a million levels too, but 100 bytes of memory for each.
const maxDepth = 64

/**
 * Handlers that leave the request's body as text in `request.body`, after 400, 413 and 415 for what they do not take.
 * `express.json()` would answer 415 to no type at all with an empty body, and read invalid UTF-8 as if it were valid.
 */
export const jsonText: RequestHandler[] = [
  ({ headers }, _response, next) => {
    const type = parseType(headers['content-type'])
    const charset = type?.params.get('charset')?.toLowerCase() ?? 'utf-8'
    if (type?.essence !== 'application/json') throw new Problem(415, 'The body must be application/json')
    if (charset !== 'utf-8') throw new Problem(415, 'JSON must be in UTF-8')
    next()
  },
  raw({ type: () => true, limit: maxBodyBytes }),
  (request, _response, next) => {
    const bytes: Buffer = request.body ?? Buffer.alloc(0)
    if (!isUtf8(bytes)) throw new Problem(400, 'The body is not valid UTF-8')
    if (isDeeper(bytes, maxDepth)) throw new Problem(400, `The body is nested deeper than ${maxDepth} levels`)
    request.body = bytes.toString()
    next()
  },
]

/** @throws Problem 400 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(400, `The body is not JSON: ${(error as SyntaxError).message}`)
  }
}

function parseType(header: string | undefined): MIMEType | undefined {
  try {
    return header === undefined ? undefined : new MIMEType(header)
  } catch {
    return undefined
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
