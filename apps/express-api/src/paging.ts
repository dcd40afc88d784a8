import type { Page } from '@stagecraft/report/api'
import createError from 'http-errors'

/** A place in a list ordered by time, then by id: the id decides between reports of one moment. */
export type Position = { createdAt: number; id: number }

export type PageRequest = { limit: number; after: Position | undefined }

const maxLimit = 100

/**
 * The page that a query asks for: `limit` (1 to 100, 20 unless given) and `cursor` (as an earlier page gave it).
 * @throws HttpError 400
 */
export function readPageRequest(query: Record<string, unknown>): PageRequest {
  const { limit = '20', cursor } = query
  if (typeof limit !== 'string' || !/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > maxLimit)
    throw createError(400, `limit must be a number from 1 to ${maxLimit}`)
  return { limit: Number(limit), after: cursor === undefined ? undefined : decode(cursor) }
}

/** Cuts a page from `rows`, of which the caller read one more than the limit to see whether another page follows. */
export function toPage<Row extends Position, Item>(
  rows: Row[],
  limit: number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { items: rows.slice(0, limit).map(toItem), next: last ? encode(last) : null }
}

function encode({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url')
}

function decode(cursor: unknown): Position {
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : ''
  const [, createdAt, id] = /^(-?\d{1,15}) (\d{1,15})$/.exec(text) ?? []
  if (!createdAt || !id) throw createError(400, 'cursor must be the next of an earlier page')
  return { createdAt: Number(createdAt), id: Number(id) }
}
