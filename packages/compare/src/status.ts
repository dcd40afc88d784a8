import { clearLine, cursorTo } from 'node:readline'

// Imports nothing but Node, so that set-up can say its steps in the same way before any package is installed.

const stream = process.stderr
/** Shown as it was last, and since when its words are the same, numbers aside. */
let status: { text: string; since: number } | undefined
let shown = false
let ticking: NodeJS.Timeout | undefined

/** Prints a line on stderr, above the status line if there is one. */
export function printLine(text: string): void {
  hide()
  stream.write(`${text}\n`)
  show()
}

/**
 * Shows on a terminal, in its last line, what is being done and for how long; `undefined` takes the line away. Where
 * nobody watches, nothing is printed.
 * @param text at most one line; it is cut to the terminal's width
 */
export function showStatus(text: string | undefined): void {
  if (!stream.isTTY) return
  hide()
  const words = (line = '') => line.replaceAll(/\d+/g, '')
  const since = words(status?.text) === words(text) ? status?.since : undefined
  status = text === undefined ? undefined : { text, since: since ?? Date.now() }
  clearInterval(ticking)
  if (status) ticking = setInterval(redraw, 1000).unref()
  show()
}

function redraw(): void {
  hide()
  show()
}

function hide(): void {
  if (!shown) return
  cursorTo(stream, 0)
  clearLine(stream, 0)
  shown = false
}

function show(): void {
  if (!status) return
  const seconds = Math.round((Date.now() - status.since) / 1000)
  const time = ` ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  stream.write(status.text.slice(0, (stream.columns || 80) - time.length - 1) + time)
  shown = true
}
