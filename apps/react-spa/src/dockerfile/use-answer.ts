import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useConfig } from '../data/config-context.ts'
import { type Answer, analysisQuery } from './analyzer-api.ts'
import type { AnalyzeQuestion } from './question.ts'

/** The answer to a question; until it is there, or if there is none, the last one that there was. */
export function useAnswer(question: AnalyzeQuestion | undefined): {
  answer: Answer | undefined
  /** Why there is no answer to this question, or none yet. */
  failure: Error | null
  pending: boolean
} {
  const { data, failureReason, isFetching } = useQuery(analysisQuery(useConfig(), question))
  const [last, setLast] = useState(data)
  if (data && data !== last) setLast(data)
  return { answer: data ?? last, failure: data ? null : failureReason, pending: isFetching }
}
