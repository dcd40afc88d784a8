import type { Report } from '@stagecraft/report'
import type { News } from './measure.ts'
import { renderLine } from './render.ts'
import { printLine, showStatus } from './status.ts'

/**
 * Tells a person on stderr how a comparison goes: a line for each image with its figures, or why it has none; what is
 * being done in the status line of a terminal, and what is built in a line of its own where there is no terminal.
 */
export function narrate(report: Report, news: News): void {
  if ('image' in news) printLine(renderLine(news.image))
  if ('failure' in news) {
    const { app, variant, step, message } = news.failure
    printLine(`${app}:${variant} failed (${step}): ${message.split('\n', 1)[0]}`)
  }
  if ('doing' in news && !process.stderr.isTTY && news.doing.startsWith('building')) printLine(news.doing)
  showStatus(report.doing && `${report.images.length}/${report.planned?.length} measured  ${report.doing}`)
}
