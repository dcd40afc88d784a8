import { WorkshopError } from './errors.ts'
import type { Prediction } from './model.ts'

/** How a prediction is given, by the name of its fact: one of the choices, lines of the Dockerfile, or a size. */
export type AnswerKind = 'choice' | 'lines' | 'size' | 'number' | 'text'

export function answerKindOf({ fact, choices }: Prediction): AnswerKind {
  if (choices) return 'choice'
  if (fact === 'rerun-lines') return 'lines'
  if (/size|^waste$/.test(fact)) return 'size'
  return fact === 'layers' ||
    fact === 'layers.added' ||
    fact === 'stage-count' ||
    fact === 'answers' ||
    fact === 'exit-code'
    ? 'number'
    : 'text'
}

/**
 * Reads a prediction: `3 5 6`, `none`, `170 MB`, a choice by its text or its number.
 * @throws WorkshopError for one that is none
 */
export function readAnswer(question: Prediction, said: string): unknown {
  const text = said.trim()
  const kind = answerKindOf(question)
  const wrong = (next: string) =>
    new WorkshopError('usage', `"${text}" is no answer to ${question.id}.`, next)
  if (kind === 'choice') {
    const { choices = [] } = question
    const chosen = choices.find((each) => String(each) === text) ?? choices[Number(text) - 1]
    if (chosen === undefined) throw wrong(`One of: ${choices.join(', ')}.`)
    return chosen
  }
  if (kind === 'lines') {
    if (/^(none|ninguna|0)?$/i.test(text)) return []
    const lines = text.split(/[\s,]+/).map(Number)
    if (lines.some((line) => !Number.isInteger(line) || line < 1))
      throw wrong('Numbers of lines: 3 5 6, or: none.')
    return [...new Set(lines)].sort((a, b) => a - b)
  }
  if (kind === 'size') {
    const [, amount = '', unit = 'MB'] = /^([\d.,]+)\s*([kKMG]?B)?$/.exec(text) ?? []
    const factor = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 }[unit.toUpperCase()] ?? Number.NaN
    const bytes = Number(amount.replace(',', '.')) * factor
    if (amount === '' || Number.isNaN(bytes)) throw wrong('A size: 170 MB.')
    return Math.round(bytes)
  }
  if (kind === 'number') {
    if (!/^\d+$/.test(text)) throw wrong('A whole number.')
    return Number(text)
  }
  return text
}

/** Whether a prediction is right: a size within a fifth of what it is. */
export function isRight(question: Prediction, predicted: unknown, settled: unknown): boolean {
  if (answerKindOf(question) !== 'size') return JSON.stringify(predicted) === JSON.stringify(settled)
  const [guess, bytes] = [Number(predicted), Number(settled)]
  return Math.abs(guess - bytes) <= bytes / 5
}
