import { MIMEType } from 'node:util'

/** Both in lower case. `charset` is utf-8 unless given. */
export type MediaType = { essence: string; charset: string }

/** What a `Content-Type` header says; undefined without one, or when it makes no sense. */
export function readMediaType(header: string | undefined): MediaType | undefined {
  if (header === undefined) return undefined
  try {
    const { essence, params } = new MIMEType(header)
    return { essence, charset: params.get('charset')?.toLowerCase() ?? 'utf-8' }
  } catch {
    return undefined
  }
}
