import { randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Analysis, analyze, type Change, type Outcome } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { readProgress, type StepRun } from '../src/progress.ts'
import type { Case, Try } from './prediction-cases.ts'

/** A build context in a folder of its own, with content that was never there before. */
export async function openContext({ files = {}, dockerignore }: Pick<Case, 'files' | 'dockerignore'>) {
  const nonce = randomUUID()
  const root = await mkdtemp(join(tmpdir(), 'stagecraft-predict-'))
  const folder = join(root, 'context')
  const put = async (path: string, content: string) => {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await rm(file, { force: true })
    if (content.startsWith('-> ')) await symlink(content.slice(3), file)
    else await writeFile(file, `${content}\n${nonce}\n`, { mode: 0o644 })
  }
  return {
    folder,
    put,
    /** Where the Dockerfile is: no part of what `COPY . .` takes. */
    file: join(root, 'Dockerfile'),
    async reset() {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder)
      for (const [path, content] of Object.entries(files)) await put(path, content)
      if (dockerignore !== undefined) await writeFile(join(folder, '.dockerignore'), dockerignore)
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

export type Context = Awaited<ReturnType<typeof openContext>>

/** Makes a change real. Answers the Dockerfile and the arguments to build with after it. */
export async function apply(
  { change, remove }: Try,
  { dockerfile, context }: { dockerfile: string; context: Context },
): Promise<{ dockerfile: string; args: string[]; env: Record<string, string> }> {
  const same = { dockerfile, args: [], env: {} }
  if ('path' in change) {
    const file = join(context.folder, change.path)
    if (remove) await rm(file)
    else if (change.what === 'mode') await chmod(file, 0o751)
    else if (change.what === 'time') await utimes(file, 1, 1)
    else await context.put(change.path, `changed ${randomUUID()}`)
    return same
  }
  if ('instruction' in change) return { ...same, dockerfile: withInstruction(dockerfile, change) }
  if ('arg' in change) return { ...same, args: ['--build-arg', `${change.arg}=${change.value}`] }
  if ('secret' in change)
    return { ...same, args: ['--secret', `id=${change.secret},env=SECRET`], env: { SECRET: randomUUID() } }
  return same
}

/** The Dockerfile with one instruction changed, its end found without the parser under test. */
export function withInstruction(
  dockerfile: string,
  { instruction, text = '' }: Extract<Change, { instruction: number }>,
): string {
  const lines = dockerfile.split('\n')
  const keyword =
    /^(?:ADD|ARG|CMD|COPY|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b/
  let end = instruction
  while (end < lines.length && !keyword.test(lines[end] as string)) end++
  return lines.toSpliced(instruction - 1, end - instruction + 1, text).join('\n')
}

/** The Dockerfile with commands that do nothing; what they mount, and all else, is as it was. */
export function hollow(dockerfile: string): string {
  const runs = analyze(dockerfile).instructions.filter(({ keyword }) => keyword === 'RUN')
  return runs.toReversed().reduce((text, { line, endLine, text: run }) => {
    const [flags] = /^RUN(?:(?:\s|\\\n)+--\S+)*/.exec(run) ?? ['RUN']
    return text
      .split('\n')
      .toSpliced(line - 1, endLine - line + 1, `${flags} mkdir -p /rootfs`)
      .join('\n')
  }, dockerfile)
}

/** Builds with the engine's builder and keeps nothing but the cache. */
export async function build(
  { folder, file }: Pick<Context, 'folder' | 'file'>,
  {
    dockerfile,
    target,
    args,
    env = {},
  }: {
    dockerfile: string
    target?: string | undefined
    args: readonly string[]
    env?: Record<string, string>
  },
): Promise<StepRun[]> {
  await writeFile(file, dockerfile)
  const flags = ['--builder=default', '--progress=rawjson', '--output=type=cacheonly', `--file=${file}`]
  const { stderr } = await execa(
    'docker',
    ['buildx', 'build', ...flags, ...(target ? [`--target=${target}`] : []), ...args, folder],
    { env },
  )
  return readProgress(stderr)
}

export interface Held {
  line: number
  keyword: string
  outcome: Outcome
  /** Undefined where the build had no need to look at the step. */
  ran: boolean | undefined
}

/**
 * Holds a prediction against what BuildKit did.
 * @param bakeTarget the name before that of the stage, where bake built
 */
export function hold(
  { instructions, stages }: Analysis,
  runs: readonly StepRun[],
  bakeTarget?: string,
): Held[] {
  return stages.flatMap(({ index, name = `stage-${index}` }) =>
    instructions
      .filter(({ stage, outcome }) => stage === index && outcome !== undefined)
      .map(({ line, keyword, text, outcome = 'cached' }, position) => {
        const here = runs.filter(
          (run) => run.step === position + 1 && !run.linking && run.name.toUpperCase().startsWith(keyword),
        )
        const stageOf = ({ of }: StepRun) =>
          of
            .filter((word) => word !== bakeTarget)
            .join(' ')
            .toLowerCase()
        const run =
          here.find((each) => (!bakeTarget || each.of[0] === bakeTarget) && stageOf(each) === name) ??
          // A step that another build has too may go by that one's name.
          here.find((each) => stageOf(each) === '') ??
          // A linked copy is the same step in whatever stage it is.
          runs.find((each) => !each.linking && each.name === text && text.includes(' --link '))
        return { line, keyword, outcome, ran: run?.ran }
      }),
  )
}

/** Where BuildKit did what was not predicted; an empty list where the prediction was right. */
export const wrong = (held: readonly Held[]): Held[] =>
  held.filter(
    ({ keyword, outcome, ran }) =>
      // An image that FROM names is looked up anew each time: that is no step of its own.
      keyword !== 'FROM' && ((ran && outcome === 'cached') || (ran === false && outcome === 'reruns')),
  )

/** Steps that the build has not seen. */
export const unseen = (held: readonly Held[]): Held[] =>
  held.filter(({ keyword, ran }) => keyword !== 'FROM' && ran === undefined)
