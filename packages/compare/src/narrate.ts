import type { Report } from '@stagecraft/report'
import { nameOf } from './columns.ts'
import type { News } from './measure.ts'
import { renderLine } from './render.ts'
import { cut, seconds } from './scenarios/render.ts'
import { printLine, showStatus } from './status.ts'

/**
 * Tells a person on stderr how a comparison goes: a line for each image with its figures, or why it has none; what is
 * being done in the status line of a terminal, and what is built in a line of its own where there is no terminal.
 */
export function narrate(report: Report, news: News): void {
  if ('image' in news && !news.again) printLine(renderLine(news.image))
  if ('failed' in news)
    printLine(`${nameOf(news.failed)} failed (${news.scenario}): ${news.message.split('\n', 1)[0]}`)
  if ('rebuilt' in news && news.last) {
    const { scenario, tookMs, ran, cached } = news.rebuild
    const steps = `${ran.length} of ${ran.length + cached} steps ran`
    printLine(
      `${nameOf(news.rebuilt).padEnd(28)} ${scenario.padEnd(13)} ${seconds(tookMs).padStart(8)} s  ${steps}`,
    )
  }
  if ('failure' in news) {
    const { app, variant, step, message } = news.failure
    printLine(`${app}:${variant} failed (${step}): ${message.split('\n', 1)[0]}`)
  }
  if ('doing' in news && !process.stderr.isTTY && news.doing.startsWith('building'))
    printLine(cut(news.doing, 80))
  showStatus(report.doing && `${report.images.length}/${report.planned?.length} measured  ${report.doing}`)
}
