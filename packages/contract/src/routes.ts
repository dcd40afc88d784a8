import { randomUUID } from 'node:crypto'
import type { Route } from './image-config.ts'
import type { Subject } from './model.ts'

/** Milliseconds. Nothing is promised of them: a server that hangs has to be told from a disk that is busy. */
const patience = 30_000

/** Asks the declared routes, in their order. @returns what was answered other than declared */
export async function routeProblems(url: string, { config }: Subject): Promise<string[]> {
  const problems: string[] = []
  for (const route of config.routes) {
    const found = await problemsOf(url, route)
    problems.push(...found.map((problem) => `${route.method ?? 'GET'} ${route.path} ${problem}`))
  }
  return problems
}

/** @returns what a path that cannot be a route answered, unless it was 404 */
export async function unknownPathProblems(url: string): Promise<string[]> {
  const problems = await problemsOf(url, { path: `/${randomUUID()}`, status: 404 })
  return problems.map((problem) => `GET of an unknown path ${problem}`)
}

/** A request's body and headers as they are sent. */
export function payload({ body, headers = {} }: Pick<Route, 'body' | 'headers'>) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const implied = text === body ? {} : { 'content-type': 'application/json' }
  return { text, headers: { ...implied, ...headers } }
}

async function problemsOf(url: string, route: Route): Promise<string[]> {
  const { text: body, headers } = payload(route)
  let response: Response
  let text: string
  try {
    response = await fetch(url + route.path, {
      method: route.method ?? 'GET',
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
      ...(body !== undefined && { body }),
    })
    text = await response.text()
  } catch (error) {
    const { name, message, cause } = error as Error
    const reason =
      name === 'TimeoutError'
        ? `within ${patience / 1000} s`
        : `(${cause instanceof Error ? cause.message : message})`
    return [`was not answered ${reason}`]
  }

  const { status } = response
  if (status !== route.status) return [`answered ${status} instead of ${route.status}: ${text.slice(0, 200)}`]
  const type = response.headers.get('content-type')?.split(';')[0]
  const problems: string[] = []
  if (route.type && type !== route.type)
    problems.push(`has the type ${type ?? 'none'} instead of ${route.type}`)
  if (route.json !== undefined && !holds(parsed(text), route.json))
    problems.push(`answered ${text.slice(0, 200)}, which does not hold ${JSON.stringify(route.json)}`)
  return problems
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether `actual` has at least the properties of `expected`, to any depth; arrays match item by item. */
export function holds(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return actual === expected
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected) !== Array.isArray(actual)) return false
  if (Array.isArray(expected) && expected.length !== (actual as unknown[]).length) return false
  return Object.entries(expected).every(([key, value]) =>
    holds((actual as Record<string, unknown>)[key], value),
  )
}
