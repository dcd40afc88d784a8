import type { BuildProgress } from '@stagecraft/engine'
import type { Report } from '@stagecraft/report'
import type { News } from './measure.ts'
import { renderLine } from './render.ts'
import { printLine, showStatus } from './status.ts'

/**
 * Tells a person on stderr how a comparison goes: a line for each image with its figures, or why it has none; what is
 * being done in the status line of a terminal, else in a line of its own.
 */
export function narrator(): {
  onReport: (report: Report, news: News) => void
  onBuild: (progress: BuildProgress) => void
} {
  let doing = ''
  let since = 0
  let counted = ''
  const show = (report: Report | undefined, steps = '') => {
    if (report) counted = `${report.images.length}/${report.planned?.length} measured`
    showStatus(`${counted}  ${doing}${steps}`, since)
  }
  return {
    onReport(report, news) {
      if ('doing' in news) {
        doing = news.doing
        since = Date.now()
        if (!process.stderr.isTTY && doing.startsWith('building')) printLine(doing)
        show(report)
      } else if ('image' in news) printLine(renderLine(news.image))
      else if ('failure' in news) {
        const { app, variant, step, message } = news.failure
        printLine(`${app}:${variant} failed (${step}): ${message.split('\n', 1)[0]}`)
      } else showStatus(undefined)
    },
    onBuild({ done, known }) {
      show(undefined, `  ${done}/${known} steps`)
    },
  }
}
