import { Attempt, type Step } from './attempt.ts'
import { see } from './facts/index.ts'
import type { Loaded } from './load.ts'
import type { Figures, Prediction } from './model.ts'

/** What the engine answers to a question about a folder. */
export interface Settled {
  value: unknown
  figures: Figures
}

/**
 * Asks the engine.
 * @param folder the learner's, as it is now; changes are made in a copy
 * @throws WorkshopError when no engine answers
 */
export async function settle(
  { exercise }: Loaded,
  folder: string,
  question: Prediction,
  { signal, onStep }: { signal?: AbortSignal | undefined; onStep?: (step: Step) => void } = {},
): Promise<Settled> {
  await using attempt = new Attempt({ exercise, folder, signal, onStep, settle: true })
  const { value, figures } = await see(attempt, question)
  return { value, figures }
}
