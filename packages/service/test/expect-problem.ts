import { expect } from 'vitest'

/** What a problem may hold beyond what every problem does. */
export type ProblemBody = {
  detail: string
  errors?: { path: string; message: string }[]
  [member: string]: unknown
}

/** Holds a response against RFC 9457 and answers its body. */
export async function expectProblem(
  response: Response,
  status: number,
  detail?: string | RegExp,
): Promise<ProblemBody> {
  const problem = (await response.json()) as ProblemBody
  expect(response.headers.get('Content-Type')).toBe('application/problem+json')
  expect(problem).toMatchObject({
    type: 'about:blank',
    title: response.statusText,
    status,
    detail: expect.stringMatching(detail ?? /./),
    instance: response.url.replace(/^http:\/\/[^/]+/, ''),
  })
  expect(response.status).toBe(status)
  return problem
}
