import { type Problem, type Service, ServiceError } from './service-error.ts'

/**
 * The JSON that a service answers.
 * @throws ServiceError for every answer that is not a success with JSON, and when there is none
 */
export async function fetchJson(service: Service, url: string, init: RequestInit = {}): Promise<unknown> {
  const { json } = await fetchAnswer(service, url, init)
  return json
}

/** As {@link fetchJson}, with the answer's headers. */
export async function fetchAnswer(
  service: Service,
  url: string,
  init: RequestInit = {},
): Promise<{ json: unknown; headers: Headers }> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    init.signal?.throwIfAborted()
    throw new ServiceError(service, { cause })
  }
  if (!response.ok)
    throw new ServiceError(service, { status: response.status, problem: await readProblem(response) })
  try {
    return { json: await response.json(), headers: response.headers }
  } catch (cause) {
    init.signal?.throwIfAborted()
    throw new ServiceError(service, { status: response.status, problem: { detail: 'not JSON' }, cause })
  }
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return undefined
  return response.json().catch(() => undefined)
}
