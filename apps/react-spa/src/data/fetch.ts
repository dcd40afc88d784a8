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

export type Service = 'express-api' | 'fastify-service'

/** A problem document, RFC 9457, as both services send it. Further members depend on the problem. */
export type Problem = { title?: string; status?: number; detail?: string; [member: string]: unknown }

/** A request that a service refused or did not answer. */
export class ServiceError extends Error {
  readonly service: Service
  /** Undefined when there was no answer. */
  readonly status: number | undefined
  readonly problem: Problem | undefined

  constructor(
    service: Service,
    answer: { status?: number | undefined; problem?: Problem | undefined; cause?: unknown } = {},
  ) {
    const { status, problem, cause } = answer
    const said = problem?.detail ?? problem?.title
    super(
      isOut(status)
        ? `${service} does not answer.`
        : `${service} answered ${status}${said ? `: ${said}` : ''}.`,
      { cause },
    )
    this.service = service
    this.status = status
    this.problem = problem
  }

  /** Whether that service is out: the network failed, or a proxy in front of it says so. */
  get unreachable(): boolean {
    return isOut(this.status)
  }

  /** Whether the same request can succeed later. */
  get transient(): boolean {
    return this.status === undefined || this.status >= 500 || this.status === 429 || this.status < 400
  }
}

function isOut(status: number | undefined): boolean {
  return status === undefined || status === 502 || status === 504
}
