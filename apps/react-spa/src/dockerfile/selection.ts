import { useSearchParams } from 'react-router'

export type PathKind = 'content' | 'mode' | 'time'

/** How the stages are shown. */
export type View = 'graph' | 'list'

/** A change that can be chosen on the page: paths, arguments, bases, and a line of the Dockerfile. */
export type ChosenChange =
  | { path: string; what: PathKind }
  | { arg: string }
  | { base: string }
  | { instruction: number }

/** What is chosen on the page, as its query string says it. */
export interface Selection {
  /** Path of one of the report's Dockerfiles; undefined: the first one. */
  file?: string | undefined
  /** The text that this tab was given instead of a file. It is never part of an address. */
  pasted: boolean
  /** Name or number of a stage; undefined: the last one. */
  target?: string | undefined
  changes: readonly ChosenChange[]
  /** Undefined: what there is room for. */
  view?: View
}

const pathKinds = new Map<string, PathKind>([
  ['changed', 'content'],
  ['mode', 'mode'],
  ['time', 'time'],
])
const names = ['file', 'pasted', 'target', ...pathKinds.keys(), 'arg', 'base', 'line', 'view']

/** A change that is there twice counts once, as does the last of several lines: only one line can change at a time. */
export function readSelection(params: URLSearchParams): Selection {
  const file = params.get('file')
  const target = params.get('target')
  const view = params.get('view')
  return {
    ...(file && { file }),
    pasted: !file && params.has('pasted'),
    ...(target && { target }),
    changes: [...params]
      .flatMap(([name, value]) => readChange(name, value) ?? [])
      .reduce<readonly ChosenChange[]>(withChange, []),
    ...((view === 'graph' || view === 'list') && { view }),
  }
}

/** Leaves the parameters of others as they are. */
export function writeSelection(params: URLSearchParams, selection: Selection): URLSearchParams {
  const written = new URLSearchParams([...params].filter(([name]) => !names.includes(name)))
  if (selection.file) written.set('file', selection.file)
  if (selection.pasted) written.set('pasted', 'yes')
  if (selection.target) written.set('target', selection.target)
  if (selection.view) written.set('view', selection.view)
  for (const change of selection.changes) written.append(...writeChange(change))
  return written
}

/** A change replaces another of the same thing; all others stay. */
export function withChange(changes: readonly ChosenChange[], change: ChosenChange): readonly ChosenChange[] {
  const at = changes.findIndex((each) => changeKey(each) === changeKey(change))
  return at < 0 ? [...changes, change] : changes.with(at, change)
}

export function withoutChange(
  changes: readonly ChosenChange[],
  change: ChosenChange,
): readonly ChosenChange[] {
  return changes.filter((each) => changeKey(each) !== changeKey(change))
}

/** What of the changes can be asked of another Dockerfile too. */
export function pathChanges(changes: readonly ChosenChange[]): readonly ChosenChange[] {
  return changes.filter((change) => 'path' in change)
}

/** Two changes with the same key cannot be together. */
export function changeKey(change: ChosenChange): string {
  if ('path' in change) return `path ${change.path}`
  if ('arg' in change) return `arg ${change.arg}`
  return 'base' in change ? `base ${change.base}` : 'line'
}

function readChange(name: string, value: string): ChosenChange | undefined {
  if (value === '') return undefined
  const what = pathKinds.get(name)
  if (what) return { path: value, what }
  if (name === 'arg') return { arg: value }
  if (name === 'base') return { base: value }
  const line = Number(value)
  return name === 'line' && Number.isSafeInteger(line) && line > 0 ? { instruction: line } : undefined
}

function writeChange(change: ChosenChange): [name: string, value: string] {
  if ('arg' in change) return ['arg', change.arg]
  if ('base' in change) return ['base', change.base]
  if ('instruction' in change) return ['line', String(change.instruction)]
  return [change.what === 'content' ? 'changed' : change.what, change.path]
}

export type Select = (changes: Partial<Selection>) => void

/** What is chosen on the page. It is kept in the address, so that the address can be passed on. */
export function useSelection(): [Selection, Select] {
  const [params, setParams] = useSearchParams()
  const select: Select = (changes) =>
    setParams((now) => writeSelection(now, { ...readSelection(now), ...changes }), {
      replace: true,
      preventScrollReset: true,
    })
  return [readSelection(params), select]
}
