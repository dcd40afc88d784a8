import { type Analysis, analyze, DockerfileError } from '@stagecraft/dockerfile'
import type { Asked, Said } from './oracle.ts'

type Refusal = Pick<DockerfileError, 'code' | 'message' | 'place'>

function analysisOf({ dockerfile, target, args = {} }: Asked): Analysis | Refusal {
  try {
    return analyze(dockerfile, { ...(target && { target }), args })
  } catch (error) {
    if (error instanceof DockerfileError) return error
    throw error
  }
}

const isRefusal = (found: Analysis | Refusal): found is Refusal => 'code' in found

/**
 * Where the two may differ: what an image brings along, such as its variables and its working directory, is known to an
 * engine alone; and what ONBUILD triggers in a stage on top is not followed.
 */
const isOpen = ({ stages, instructions }: Analysis): boolean =>
  stages.some(({ reached, from }) => reached && 'image' in from) ||
  instructions.some(({ keyword }) => keyword === 'ONBUILD')

/**
 * In what the analyzer and BuildKit disagree about a Dockerfile; undefined when they agree.
 * @param places whether to compare where a fault is: of several, each may find another one first
 */
export function disagreement(asked: Asked, said: Said, places = false): string | undefined {
  const found = analysisOf(asked)
  if (isRefusal(found)) {
    // BuildKit finds that out when it sends the step off, which it does not where nothing is copied of its stage.
    if (!said.error && found.message.startsWith('RUN in exec form')) return undefined
    if (!said.error) return `refused, but valid: ${found.message}`
    const [first = 0, last = 0] = said.lines ?? []
    const line = found.place?.line ?? first
    // BuildKit counts the lines before it, and not it.
    if (/directive/.test(said.error)) return undefined
    return places && first && (line < first || line > last)
      ? `another line: ${line} for ${found.message}, BuildKit ${first} to ${last} for ${said.error}`
      : undefined
  }
  if (said.error) return isOpen(found) ? undefined : `accepted, but refused: ${said.error}`
  const stages = found.stages.map(({ name = '', from, line }, index) => {
    const base = 'image' in from ? from.image : 'scratch' in from ? 'scratch' : said.stages?.[index]?.base
    return { name, base, line }
  })
  if (JSON.stringify(stages) !== JSON.stringify(said.stages))
    return `other stages: ${JSON.stringify(stages)}, BuildKit ${JSON.stringify(said.stages)}`
  const instructions = found.instructions.map(({ line, endLine, keyword }) => ({ line, endLine, keyword }))
  return JSON.stringify(instructions) === JSON.stringify(said.instructions)
    ? undefined
    : `other lines: ${JSON.stringify(instructions)}, BuildKit ${JSON.stringify(said.instructions)}`
}

/** Of which paths the two do not agree that `.dockerignore` leaves them out. */
export function ignoredOtherwise({ dockerignore = '', paths = [] }: Asked, { ignored }: Said): string[] {
  // A backslash before a letter is what Go's regular expressions make of it; nobody means that.
  if (!ignored || /\\\w/.test(dockerignore)) return []
  return paths.filter((path, index) => {
    const { instructions } = analyze('FROM scratch\nCOPY . /', { dockerignore, changed: [{ path }] })
    const outcome = instructions[1]?.outcome
    return ignored[index] ? outcome === 'reruns' : outcome !== 'reruns'
  })
}

/** Whether BuildKit's key of a step holds all that its result depends on: nothing is copied that it has to look at. */
const isWhole = ({ edges, instructions }: Analysis): boolean =>
  edges.every(({ by }) => by === 'FROM') &&
  instructions.every(
    ({ keyword, text }) => !(keyword === 'COPY' || keyword === 'ADD') || /^\w+\s+(--\S+\s+)*<</.test(text),
  ) &&
  !instructions.some(({ text }) => /--mount|--link/.test(text))

/** In what the analyzer is wrong about the steps that run after the instruction on a line says something else. */
export function wronglyPredicted(
  asked: Asked,
  { line, text }: { line: number; text: string },
  before: Said,
  after: Said,
): string | undefined {
  if (before.error || after.error) return undefined
  let found: Analysis
  try {
    const { dockerfile, target, args = {} } = asked
    found = analyze(dockerfile, { ...(target && { target }), args, changed: [{ instruction: line, text }] })
  } catch (error) {
    // Alone, the new text may be none, such as a comment.
    if (error instanceof DockerfileError) return undefined
    throw error
  }
  for (const { line: at, outcome, keyword } of found.instructions) {
    const [was, is] = [before.steps?.[at], after.steps?.[at]]
    if (!outcome || was === undefined || is === undefined) continue
    if (was === is && outcome === 'reruns' && !isOpen(found))
      return `line ${at} (${keyword}) is the same step, and was said to run`
    if (was !== is && outcome === 'cached' && isWhole(found))
      return `line ${at} (${keyword}) is another step, and was said to be cached`
  }
  return undefined
}
