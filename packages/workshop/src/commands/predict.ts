import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { answerKindOf, isRight, readAnswer } from '../answers.ts'
import { WorkshopError } from '../errors.ts'
import type { Lang } from '../lang.ts'
import { words } from '../messages/words.ts'
import type { Prediction } from '../model.ts'
import { settle } from '../predict.ts'
import { say, sayMarkdown, showStep, style } from '../print.ts'
import { writeProgress } from '../progress.ts'
import { type Common, current, langOf } from '../session.ts'
import { fill, sizeText } from '../text.ts'

type PredictOptions = Common & { answer?: string[] }

/** Asks before anything is built; then the engine settles it, and the difference is explained. */
export async function predict(
  slug: string | undefined,
  options: PredictOptions,
  signal: AbortSignal,
): Promise<void> {
  const { loaded, progress } = await current(slug)
  const lang = langOf(options)
  const { predict: questions = [] } = loaded.exercise
  if (questions.length === 0) return say(words[lang].noQuestions)
  const given = readGiven(options.answer ?? [], questions)
  const sections = loaded.text[lang].sections
  const answers = new Map<string, unknown>()
  if (!options.json) {
    const file = loaded.exercise.build?.file ?? 'Dockerfile'
    const text = await readFile(join(progress.folder, file), 'utf8').catch(() => undefined)
    if (text !== undefined) say(numbered(text))
  }
  for (const question of questions) {
    if (!options.json) {
      say(style('bold', `${words[lang].question} ${questions.indexOf(question) + 1}/${questions.length}`))
      sayMarkdown(sections.get(`predict:${question.id}`)?.text ?? '')
      question.choices?.forEach((choice, index) => {
        say(`  ${index + 1}. ${choice}`)
      })
    }
    const said = given.get(question.id) ?? (await ask(question, lang, options, signal))
    answers.set(question.id, readAnswer(question, said))
    if (!options.json) say()
  }
  const results = []
  for (const question of questions) {
    const status = showStep(lang)
    if (!options.json) say(words[lang].settling)
    const settled = await settle(loaded, progress.folder, question, { signal, onStep: status.onStep })
    status.clear()
    const answer = answers.get(question.id)
    const right = isRight(question, answer, settled.value)
    progress.predicted[question.id] = { answer, settled: settled.value, right }
    results.push({ id: question.id, answer, settled: settled.value, right })
    if (options.json) continue
    say(words[lang].youSaid(show(question, answer, lang)))
    say(words[lang].engineSays(show(question, settled.value, lang)))
    say(right ? style('green', words[lang].right) : style('yellow', words[lang].wrong))
    sayMarkdown(fill(sections.get(`predicted:${question.id}`)?.text ?? '', settled.figures))
    say()
  }
  await writeProgress(progress)
  if (options.json) say(JSON.stringify(results, undefined, 2))
  else say(words[lang].thenCheck)
}

function readGiven(given: readonly string[], questions: readonly Prediction[]): Map<string, string> {
  return new Map(
    given.map((each) => {
      const [id = '', ...rest] = each.split('=')
      if (!questions.some((question) => question.id === id))
        throw new WorkshopError(
          'usage',
          `There is no question "${id}".`,
          `There are: ${questions.map((question) => question.id).join(', ')}.`,
        )
      return [id, rest.join('=')]
    }),
  )
}

let lines: AsyncIterator<string> | undefined

/** One line of what is typed or piped, asked again while it is no answer and somebody types. */
async function ask(question: Prediction, lang: Lang, options: Common, signal: AbortSignal): Promise<string> {
  const kind = answerKindOf(question)
  const prompts = {
    choice: words[lang].askChoice(question.choices?.length ?? 0),
    lines: words[lang].askLines,
    size: words[lang].askSize,
    number: words[lang].askNumber,
    text: words[lang].askText,
  }
  lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  for (;;) {
    if (!options.json) process.stdout.write(prompts[kind])
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    const { value, done } = await Promise.race([lines.next(), aborted])
    if (done)
      throw new WorkshopError(
        'usage',
        `There is no answer to ${question.id}.`,
        `Give it: --answer ${question.id}=...`,
      )
    try {
      readAnswer(question, value)
      return value
    } catch (error) {
      if (!process.stdin.isTTY || !(error instanceof WorkshopError)) throw error
      say(error.next)
    }
  }
}

function show(question: Prediction, value: unknown, lang: Lang): string {
  if (Array.isArray(value)) return value.length === 0 ? words[lang].none : value.join(', ')
  return answerKindOf(question) === 'size' ? sizeText(Number(value)) : String(value)
}

function numbered(text: string): string {
  const all = text.trimEnd().split('\n')
  const wide = String(all.length).length
  return `${all.map((line, index) => `  ${String(index + 1).padStart(wide)}  ${line}`).join('\n')}\n`
}
