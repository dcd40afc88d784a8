import type { Analysis, Change, Question } from '@stagecraft/dockerfile'
import { queryOptions, skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Config, useConfig } from '../config.ts'
import { fetchJson } from '../data/fetch.ts'
import { whyUnknown } from './changes.ts'
import type { Selection } from './selection.ts'
import { findStage } from './stages.ts'

/** A Dockerfile and the rules of the context that it is built in. */
export interface Source {
  /** Its path in the repository; undefined for a pasted text. */
  file?: string
  /** The path of its build context there. */
  context?: string
  dockerfile: string
  dockerignore: string
}

export interface AnalysisState {
  /** What there is to choose from: stages, arguments, images. */
  outline: Analysis | undefined
  /** The answer to show: to what is chosen, or to what was chosen before as long as there is none. */
  answer: Answer | undefined
  /** Why there is no answer to what is chosen, or none yet. */
  failure: Error | null
  /** Nothing was sent: the text is longer than the analyzer reads. */
  tooLong: boolean
  pending: boolean
}

/**
 * Asks about the text first, then about what is chosen in it. A stage or a change that the text does not know is left out
 * of the question.
 */
export function useAnalysis({ dockerfile, dockerignore }: Source, selection: Selection): AnalysisState {
  const text = buildQuestion({ dockerfile, dockerignore, target: undefined, changed: [] })
  const tooLong = isTooLong(text)
  const readable = !tooLong && dockerfile.trim() !== ''
  const outline = useAnswer(readable ? text : undefined)
  const read = readable ? outline.answer : undefined

  const question =
    read &&
    buildQuestion({
      dockerfile: read.question.dockerfile,
      dockerignore,
      target: findStage(read.analysis.stages, selection.target) && selection.target,
      changed: selection.changes.filter((change) => !whyUnknown(change, read.analysis)),
    })
  const chosen = useAnswer(question)
  return {
    outline: read?.analysis,
    answer: read && (chosen.answer ?? read),
    failure: outline.failure ?? chosen.failure,
    tooLong,
    pending: outline.pending || chosen.pending,
  }
}

/** The answer to a question; until it is there, or if there is none, the last one that there was. */
function useAnswer(question: AnalyzeQuestion | undefined): {
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

/** An analysis, and what it is the answer to. */
export interface Answer {
  question: AnalyzeQuestion
  analysis: Analysis
}

// Each state of a text that somebody types is a question of its own, of up to 1 MiB.
const keptMs = 30_000

/** What fastify-service says of a Dockerfile; none without a question. */
function analysisQuery({ analyzer }: Config, question: AnalyzeQuestion | undefined) {
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

/** What `POST /analyze` is sent. */
interface AnalyzeQuestion extends Question {
  dockerfile: string
}

/** Whether a question is about changes, and its answer says what becomes of each instruction. */
export const isAboutChanges = ({ changed = [] }: AnalyzeQuestion): boolean => changed.length > 0

/** The largest body that the analyzer reads, in bytes. */
export const maxQuestionBytes = 1024 * 1024

/** Whether a question is longer than the analyzer reads. */
export const isTooLong = (question: AnalyzeQuestion): boolean =>
  new TextEncoder().encode(JSON.stringify(question)).length > maxQuestionBytes

/** Leaves out what does not matter, so that two ways to ask the same are one question. */
export function buildQuestion(parts: {
  dockerfile: string
  dockerignore: string
  target: string | undefined
  changed: readonly Change[]
}): AnalyzeQuestion {
  const { dockerfile, dockerignore, target, changed } = parts
  const aboutPaths = changed.some((change) => 'path' in change)
  return {
    dockerfile,
    ...(aboutPaths && dockerignore !== '' && { dockerignore }),
    ...(target && { target }),
    ...(changed.length > 0 && { changed }),
  }
}
