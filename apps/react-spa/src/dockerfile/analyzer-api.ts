import type { Analysis } from '@stagecraft/dockerfile'
import { queryOptions, skipToken } from '@tanstack/react-query'
import type { Config } from '../config.ts'
import { fetchJson } from '../data/fetch-json.ts'
import type { AnalyzeQuestion } from './question.ts'

/** An analysis, and what it is the answer to. */
export interface Answer {
  question: AnalyzeQuestion
  analysis: Analysis
}

// Each state of a text that somebody types is a question of its own, of up to 1 MiB.
const keptMs = 30_000

/** What fastify-service says of a Dockerfile; none without a question. */
export function analysisQuery({ analyzer }: Config, question: AnalyzeQuestion | undefined) {
  return queryOptions({
    queryKey: ['analysis', analyzer, question],
    queryFn: question ? ({ signal }) => fetchAnswer(analyzer, question, signal) : skipToken,
    gcTime: keptMs,
  })
}

/** @throws ServiceError */
async function fetchAnswer(base: string, question: AnalyzeQuestion, signal: AbortSignal): Promise<Answer> {
  const analysis = await fetchJson('fastify-service', `${base}/analyze`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(question),
    signal,
  })
  return { question, analysis: analysis as Analysis }
}
