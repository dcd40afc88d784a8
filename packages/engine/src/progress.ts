/** What BuildKit did with one step of a build. */
export interface StepRun {
  /** The bake target and the stage, of which a build by itself has only the second, and a Dockerfile of one stage none. */
  of: readonly string[]
  /** Its number within the stage, an image that `FROM` names counted. */
  step: number
  /** As BuildKit prints it, variables filled in. */
  name: string
  /** Whether it was run; else its result was there already. */
  ran: boolean
  /** The second half of a `COPY --link`: putting the copied files on top. */
  linking: boolean
}

interface Vertex {
  digest: string
  name: string
  cached?: boolean
  completed?: string
}

/**
 * Reads what `docker buildx build` or `bake` with `--progress=rawjson` writes to stderr. Steps that the build had no need
 * to look at are not in it. A step that several targets share is there for each of them that asked for it by itself.
 */
export function readProgress(log: string): StepRun[] {
  const vertices = new Map<string, Vertex>()
  for (const line of log.split('\n').filter((text) => text.startsWith('{'))) {
    for (const vertex of (JSON.parse(line) as { vertexes?: Vertex[] }).vertexes ?? []) {
      const key = `${vertex.digest} ${vertex.name}`
      vertices.set(key, { ...vertices.get(key), ...vertex })
    }
  }
  // Where targets share a step, one runs it and the others may find it there.
  const ran = new Set(
    [...vertices.values()].flatMap(({ digest, cached, completed }) => (completed && !cached ? [digest] : [])),
  )
  return [...vertices.values()].flatMap(({ digest, name, completed }): StepRun[] => {
    const [, of = '', step, text] = /^\[((?:\S+ )*)(\d+)\/\d+\] ([\s\S]*)$/.exec(name) ?? []
    if (!step || !text || !completed) return []
    return [
      {
        of: of.trim().split(' ').filter(Boolean),
        step: Number(step),
        name: text,
        ran: ran.has(digest),
        linking: text.startsWith('LINK '),
      },
    ]
  })
}
