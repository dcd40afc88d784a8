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
  /** How long it took; 0 where it was not run. */
  seconds: number
}

interface Vertex {
  digest: string
  name: string
  cached?: boolean
  started?: string
  completed?: string
  error?: string
}

/** A line of `--progress=rawjson`. */
interface Status {
  vertexes?: Vertex[]
  logs?: { vertex: string; data: string }[]
}

/** @returns undefined for a line that is none: buildx says its own errors as they are */
function parseStatus(line: string): Status | undefined {
  return line.startsWith('{') ? JSON.parse(line) : undefined
}

/**
 * Reads what `docker buildx build` or `bake` with `--progress=rawjson` writes to stderr. Steps that the build had no need
 * to look at are not in it. A step that several targets share is there for each of them that asked for it by itself.
 */
export function readProgress(log: string): StepRun[] {
  const vertices = new Map<string, Vertex>()
  for (const line of log.split('\n')) {
    for (const vertex of parseStatus(line)?.vertexes ?? []) {
      const key = `${vertex.digest} ${vertex.name}`
      vertices.set(key, { ...vertices.get(key), ...vertex })
    }
  }
  // Where targets share a step, one runs it and the others may find it there.
  const ran = new Set(
    [...vertices.values()].flatMap(({ digest, cached, completed }) => (completed && !cached ? [digest] : [])),
  )
  return [...vertices.values()].flatMap(({ digest, name, started = '', completed }): StepRun[] => {
    const [, of = '', step, text] = /^\[((?:\S+ )*)(\d+)\/\d+\] ([\s\S]*)$/.exec(name) ?? []
    if (!step || !text || !completed) return []
    return [
      {
        of: of.trim().split(' ').filter(Boolean),
        step: Number(step),
        name: text,
        ran: ran.has(digest),
        linking: text.startsWith('LINK '),
        seconds: ran.has(digest) ? (Date.parse(completed) - Date.parse(started)) / 1000 : 0,
      },
    ]
  })
}

/** How far a build is: steps that have ended, of those that BuildKit knows of so far. */
export interface BuildProgress {
  done: number
  known: number
}

/** Follows a build from the lines of its `--progress=rawjson`, one by one. */
export class BuildLog {
  readonly #vertices = new Map<string, Vertex>()
  readonly #said = new Map<string, string[]>()
  readonly #other: string[] = []

  /** Takes one line. @returns whether it tells of a step; most lines only tell what one wrote */
  take(line: string): boolean {
    const status = parseStatus(line)
    if (!status) {
      if (line.trim()) this.#other.push(line)
      return false
    }
    const { vertexes = [], logs = [] } = status
    for (const vertex of vertexes)
      this.#vertices.set(vertex.digest, { ...this.#vertices.get(vertex.digest), ...vertex })
    for (const { vertex, data } of logs) {
      const said = this.#said.get(vertex) ?? []
      said.push(Buffer.from(data, 'base64').toString())
      this.#said.set(vertex, said)
    }
    return vertexes.length > 0
  }

  get progress(): BuildProgress {
    const all = [...this.#vertices.values()]
    return { done: all.filter(({ completed }) => completed).length, known: all.length }
  }

  /** Everything, step by step: what it is, what it wrote, how it failed. */
  get text(): string {
    const steps = [...this.#vertices.values()].map((vertex) => this.#describe(vertex))
    return [...steps, ...this.#other].join('\n')
  }

  /** The steps that failed with the last 30 lines that each wrote, and what buildx says itself. */
  get failure(): string {
    return this.failed(30)
  }

  /** As `failure`, with so many lines of each step. */
  failed(last: number): string {
    const failed = [...this.#vertices.values()].filter(
      ({ error = '' }) => error && !/context canceled/.test(error),
    )
    const steps = failed.map((vertex) => this.#describe(vertex).trimEnd().split('\n'))
    return [...steps.flatMap(([name = '', ...rest]) => [name, ...rest.slice(-last)]), ...this.#other].join(
      '\n',
    )
  }

  #describe({ digest, name, cached, error }: Vertex): string {
    const said = (this.#said.get(digest) ?? []).join('')
    return `${name}${cached ? ' (cached)' : ''}\n${said}${error ? `ERROR: ${error}\n` : ''}`
  }
}
