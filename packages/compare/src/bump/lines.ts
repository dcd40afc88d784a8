import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listApps } from '@stagecraft/engine'
import { parse } from 'yaml'

/** What the Dockerfiles stand on, as docs/end-of-life.yaml has it, and which line of it they name. */
export interface Line {
  /** As `pnpm bump` is told. */
  name: string
  title: string
  /** The build argument of the Dockerfiles that has the line; none where every `FROM` names it. */
  arg?: string
  /** Parts of the references of base images, with `{line}` for the line. */
  images: string[]
  /** `YYYY-MM-DD` by line, or `never` where a line has no end of its own. */
  ends: Record<string, string>
  source: string
  current: string
  /** Apps whose Dockerfile has the argument. */
  apps: string[]
}

const days = 24 * 60 * 60 * 1000

/**
 * @param root absolute path of the repository
 * @throws Error when the Dockerfiles name no line of something, or more than one
 */
export async function readLines(root: string): Promise<Line[]> {
  const lines: Line[] = parse(await readFile(join(root, 'docs/end-of-life.yaml'), 'utf8'))
  const files = (await listApps(root)).flatMap((app) =>
    ['Dockerfile', 'Dockerfile.single'].map(async (file) => ({
      app,
      text: await readFile(join(root, 'apps', app, file), 'utf8'),
    })),
  )
  const texts = await Promise.all(files)
  return lines.map((line) => {
    if (!line.arg) return { ...line, current: Object.keys(line.ends)[0] ?? '', apps: [] }
    const pattern = new RegExp(`^ARG ${line.arg}=(\\S+)$`, 'm')
    const named = texts.flatMap(({ app, text }) => {
      const [, current] = pattern.exec(text) ?? []
      return current ? [{ app, current }] : []
    })
    const [current, ...others] = new Set(named.map((each) => each.current))
    if (!current || others.length > 0)
      throw new Error(`ARG ${line.arg} of apps/*/Dockerfile* is ${[current, ...others].join(' and ')}.`)
    return { ...line, current, apps: [...new Set(named.map(({ app }) => app))] }
  })
}

/** The parts of base images' names by which a line is known. */
export const partsOf = ({ images, current }: Pick<Line, 'images' | 'current'>): string[] =>
  images.map((part) => part.replace('{line}', current))

/**
 * What ends within 30 days, or has no date, and what to do: a sentence each.
 * @param now milliseconds since 1970
 */
export function ending(lines: readonly Line[], now: number): string[] {
  return lines.flatMap(({ name, title, current, ends, source, arg }) => {
    const end = ends[current]
    if (!end) return [`docs/end-of-life.yaml has no date for ${title} ${current}. Add it: ${source}`]
    if (end === 'never' || Date.parse(end) - 30 * days >= now) return []
    const act = arg ? `Raise it: pnpm bump ${name} <line>` : 'Raise it in every FROM.'
    return [`${title} ${current} ends on ${end} (${source}). ${act}`]
  })
}
