import { analyze } from '@stagecraft/dockerfile'

/** A change to a file that was copied: a text, a stage, or every line with a text. */
export type Edit = {
  file: string
  /** What the page must name, as code, to tell of this change; the text or the stage, if not said. */
  named?: string
} & ({ replace: string; by: string } | { deleteStage: string } | { deleteLines: string })

export function nameOf(edit: Edit): string {
  if (edit.named) return edit.named
  if ('replace' in edit) return edit.replace
  return 'deleteStage' in edit ? edit.deleteStage : edit.deleteLines
}

/** @throws Error when there is nothing to change */
export function apply(text: string, edit: Edit): string {
  const edited =
    'replace' in edit
      ? text.replaceAll(edit.replace, edit.by)
      : 'deleteStage' in edit
        ? withoutStage(text, edit.deleteStage)
        : withoutLines(text, edit.deleteLines)
  if (edited === text) throw new Error(`${edit.file} has no ${nameOf(edit)}`)
  return edited
}

/** Without a stage, and the comment above it. */
function withoutStage(text: string, name: string): string {
  const { stages, instructions } = analyze(text)
  const index = stages.findIndex((stage) => stage.name === name)
  const own = instructions.filter(({ stage }) => stage === index)
  const [first, last] = [own[0], own.at(-1)]
  if (!first || !last) return text
  const lines = text.split('\n')
  let start = first.line - 1
  while (lines[start - 1]?.startsWith('#')) start--
  return lines.toSpliced(start, last.endLine - start + 1).join('\n')
}

const withoutLines = (text: string, part: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n')
