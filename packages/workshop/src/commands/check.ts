import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkFolder } from '../check.ts'
import { explain } from '../explain.ts'
import type { Lang } from '../lang.ts'
import type { Loaded } from '../load.ts'
import { words } from '../messages/words.ts'
import type { Answers } from '../model.ts'
import { describeOutcome } from '../outcome.ts'
import { say, sayMarkdown, showStep, style } from '../print.ts'
import { type Progress, writeProgress } from '../progress.ts'
import { type Common, current, langOf } from '../session.ts'
import type { Verdict } from '../verdict.ts'

/** Hints that are left decide what is offered after a failure. */
export const hintCount = 3

/** Checks the folder of an exercise, and says the cause of what is not right yet. Exit code 1 then. */
export async function check(slug: string | undefined, options: Common, signal: AbortSignal): Promise<void> {
  const { loaded, progress } = await current(slug)
  const passed = await checkOnce(loaded, progress, options, signal)
  if (!passed) process.exitCode = 1
}

async function checkOnce(
  loaded: Loaded,
  progress: Progress,
  options: Common,
  signal: AbortSignal,
): Promise<boolean> {
  const lang = langOf(options)
  const status = showStep(lang)
  const { exercise } = loaded
  const answers: Answers = Object.fromEntries(
    Object.entries(progress.predicted).map(([id, { answer }]) => [id, answer]),
  )
  const verdict = await checkFolder(loaded, progress.folder, {
    answers,
    signal,
    onStep: status.onStep,
    withOutcome: true,
  }).finally(status.clear)
  if (verdict.passed) progress.passed = new Date().toISOString()
  else if (!verdict.remembered) progress.failed++
  if (verdict.diagnosis) progress.last = verdict.diagnosis.id
  await writeProgress(progress)
  if (options.json) {
    const text = verdict.diagnosis ? explain(loaded, verdict.diagnosis, lang) : []
    say(JSON.stringify({ ...verdict, text }, undefined, 2))
    return verdict.passed
  }
  if (progress.version !== exercise.version) say(words[lang].renewed(progress.version, exercise.version))
  if (verdict.remembered) say(words[lang].nothingChanged)
  sayChecks(verdict, lang)
  say()
  if (verdict.diagnosis) {
    for (const paragraph of explain(loaded, verdict.diagnosis, lang)) {
      sayMarkdown(paragraph)
      say()
    }
    const file = String(verdict.diagnosis.figures.file ?? 'Dockerfile')
    const place = verdict.diagnosis.line ? `${file}:${verdict.diagnosis.line}` : file
    say(words[lang].hintsLeft(hintCount - progress.hints))
    say(`${join(progress.folder, place)}\n${words[lang].checkAgain(exercise.slug)}`)
    return false
  }
  say(style('green', words[lang].allPassed))
  if (verdict.outcome) for (const line of describeOutcome(loaded, verdict.outcome, lang)) say(line)
  say()
  sayMarkdown(loaded.text[lang].sections.get('debrief')?.text ?? '')
  say()
  say(words[lang].next)
  return true
}

function sayChecks({ checks, diagnosis }: Verdict, lang: Lang): void {
  for (const { id, outcome: ended } of checks) {
    const said =
      ended === 'passed' ? words[lang].passed : ended === 'failed' ? words[lang].failed : words[lang].notRun
    const colour = ended === 'passed' ? 'green' : ended === 'failed' ? 'red' : 'gray'
    say(`  ${style(colour, said.padEnd(12))} ${id}`)
  }
  if (diagnosis?.kind === 'input' || !checks.some(({ outcome: ended }) => ended === 'failed'))
    if (diagnosis) say(`  ${style('red', words[lang].failed.padEnd(12))} ${diagnosis.id}`)
}

/** Checks whenever a file is saved, until Ctrl-C; a newer save ends the check under way. */
export async function watch(
  slug: string | undefined,
  options: Common & { poll?: true },
  signal: AbortSignal,
): Promise<void> {
  const { loaded, progress } = await current(slug)
  const lang = langOf(options)
  const { watch: watchFiles } = await import('chokidar')
  const usePolling = options.poll ?? (await eventsAreMissing(progress.folder))
  const watcher = watchFiles(progress.folder, { ignoreInitial: true, usePolling, interval: 500 })
  let under = new AbortController()
  let saved = Promise.withResolvers<void>()
  watcher.on('all', () => {
    under.abort()
    saved.resolve()
  })
  signal.addEventListener('abort', () => saved.resolve())
  say(words[lang].watching(progress.folder))
  for (let last: string | undefined; !signal.aborted; ) {
    under = new AbortController()
    saved = Promise.withResolvers<void>()
    const until = AbortSignal.any([signal, under.signal])
    if (last !== undefined) say(`\n${'-'.repeat(20)} ${new Date().toTimeString().slice(0, 8)}`)
    last = 'checked'
    try {
      await checkOnce(loaded, progress, options, until)
    } catch (error) {
      if (!until.aborted) throw error
    }
    if (!under.signal.aborted) await saved.promise
    // An editor writes a file in several steps.
    await sleep(200)
  }
  await watcher.close()
}

/** On WSL, changes to a Windows disk give no events (https://github.com/microsoft/WSL/issues/4739). */
async function eventsAreMissing(folder: string): Promise<boolean> {
  const version = await readFile('/proc/version', 'utf8').catch(() => '')
  return /microsoft/i.test(version) && folder.startsWith('/mnt/')
}
