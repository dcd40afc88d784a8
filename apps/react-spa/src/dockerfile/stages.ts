import type { Edge, Stage } from '@stagecraft/dockerfile'

/** What to call a stage: its name, or its number where it has none. */
export const stageLabel = ({ name, index }: Pick<Stage, 'name' | 'index'>): string => name ?? `stage ${index}`

/** What `--target` calls a stage: its name, or its number where it shares its name or has none. */
export function stageTarget(stages: readonly Stage[], { name, index }: Stage): string {
  const alike = stages.filter((each) => each.name?.toLowerCase() === name?.toLowerCase())
  return name && alike.length === 1 ? name : String(index)
}

/** The stage that a target names: the last one if it names none, undefined if there is no such stage. */
export function findStage(stages: readonly Stage[], target: string | undefined): Stage | undefined {
  if (!target) return stages.at(-1)
  const wanted = target.toLowerCase()
  return stages.find(({ name }) => name?.toLowerCase() === wanted) ?? stages[numberOf(target)]
}

/** What a stage builds on, as its `FROM` says. */
export function fromLabel(stages: readonly Stage[], { from }: Stage): string {
  return 'scratch' in from ? 'scratch' : originLabel(stages, from)
}

/** What to call the stage or the image that something is taken from. */
export function originLabel(stages: readonly Stage[], from: Edge['from']): string {
  return 'image' in from ? from.image : stageLabel(stages[from.stage] ?? { index: from.stage })
}

/** The images that the stages use, each once. */
export function externalImages(edges: readonly Edge[]): string[] {
  return [...new Set(edges.flatMap(({ from }) => ('image' in from ? [from.image] : [])))]
}

/** How an instruction takes from another stage or an image. */
export const takeLabel = (by: Edge['by']): string => (by === 'RUN' ? 'RUN mount' : by)

const numberOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : -1)

/** The element that shows a line of the Dockerfile, so that addresses and links can name it. */
export const lineId = (line: number): string => `line-${line}`
