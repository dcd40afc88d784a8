import { randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { analyze, type Change } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { type Case, movingImage, type Try } from './cases.ts'

/** One build among several. */
export interface Build {
  /** The build context. */
  folder: string
  /** The Dockerfile, and the text that is put there. */
  file: string
  dockerfile: string
  target?: string | undefined
  args?: Readonly<Record<string, string>> | undefined
  /** Folders that stand for images, by the names of those. */
  contexts: Readonly<Record<string, string>>
  /** Files with the values of secrets, by the ids of those. */
  secrets?: Readonly<Record<string, string>>
}

/** A folder to build a case in, with content that was never there before. */
export async function openContext({ files = {}, dockerignore, named = {} }: Case) {
  const nonce = randomUUID()
  const root = await mkdtemp(join(tmpdir(), 'stagecraft-predict-'))
  // Named like no other: of contexts that share a name, buildx lets BuildKit believe that they are one, changed.
  const folder = join(root, `context-${nonce}`)
  const put = async (file: string, content: string) => {
    await mkdir(dirname(file), { recursive: true })
    await rm(file, { force: true })
    if (content.startsWith('-> ')) await symlink(content.slice(3), file)
    else await writeFile(file, `${content}\n${nonce}\n`, { mode: 0o644 })
  }
  const reset = async () => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    for (const [path, content] of Object.entries(files)) await put(join(folder, path), content)
    if (dockerignore !== undefined) await writeFile(join(folder, '.dockerignore'), dockerignore)
  }
  for (const [name, path] of Object.entries(named)) await put(join(root, name, path), '')
  await reset()
  return {
    folder,
    /** Where the Dockerfile is: no part of what `COPY . .` takes. */
    file: join(root, 'Dockerfile'),
    contexts: Object.fromEntries(Object.keys(named).map((name) => [name, join(root, name)])),
    /** Where the value of a secret is. */
    secret: join(root, 'secret'),
    put: (path: string, content: string) => put(join(folder, path), content),
    /** Undoes what was changed. */
    reset,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

export type Context = Awaited<ReturnType<typeof openContext>>

/** Makes a change of a case real. Answers what of its build is another then. */
export async function apply({ change, remove }: Try, each: Case, context: Context): Promise<Partial<Build>> {
  if ('path' in change) {
    const file = join(context.folder, change.path)
    if (remove) await rm(file)
    else if (change.what === 'mode') await chmod(file, 0o751)
    else if (change.what === 'time') await utimes(file, 1, 1)
    else await context.put(change.path, `changed ${randomUUID()}`)
    return {}
  }
  if ('instruction' in change) return { dockerfile: withInstruction(each.dockerfile, change) }
  if ('arg' in change) return { args: { ...each.args, [change.arg]: change.value ?? '' } }
  if ('base' in change) {
    await moveImage()
    return {}
  }
  await writeFile(context.secret, randomUUID())
  return { secrets: { [change.secret]: context.secret } }
}

/** Gives the moving image another digest under the same name: one of its files is the same, one is not. */
export async function moveImage(): Promise<void> {
  const dockerfile = `FROM scratch\nCOPY <<EOF /moved\n${randomUUID()}\nEOF\nCOPY <<EOF /same\nsame\nEOF\n`
  const flags = ['--builder=default', '--quiet', '--load', `--tag=${movingImage}`, '--file=-']
  await execa('docker', ['buildx', 'build', ...flags, import.meta.dirname], { input: dockerfile })
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

/**
 * The Dockerfile with commands that make empty folders: one of their own, and those that another stage copies or mounts
 * from theirs. Where one is a file that the base has, that stays. What was run is in a comment; what is mounted, and all
 * else, is as it was.
 * @param folder its name: one that was never there before makes a build that nothing of is in the cache
 * @param spared commands that stay what they are
 */
export function hollow(dockerfile: string, folder: string, spared?: RegExp): string {
  const { instructions, stages } = analyze(dockerfile)
  const args = Object.fromEntries(
    [...dockerfile.matchAll(/^ARG (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
  )
  const filledIn = (path: string) => path.replaceAll(/\$\{(\w+)\}/g, (whole, name) => args[name] ?? whole)
  const commands = instructions.filter(({ keyword, text }) => keyword === 'RUN' && !spared?.test(text))
  return commands.toReversed().reduce((result, { line, endLine, text, stage = 0 }) => {
    const [flags] = /^RUN(?:(?:\s|\\\n)+--\S+)*/.exec(text) ?? ['RUN']
    // Without a heredoc, which would begin in a comment too.
    const [command] = text.slice(flags.length).replaceAll('\\\n', ' ').trim().split(/\n|<</)
    // Where there is no shell, nothing can be made; the program is there, and may say its version.
    const [, program] = /^\["([^"]+)"/.exec(command ?? '') ?? []
    const comment = command ? ` # ${command}` : ''
    const copied = instructions.flatMap((each) =>
      each.text.includes(`--from=${stages[stage]?.name} `) ? pathsOf(each.text).map(filledIn) : [],
    )
    const mounted = instructions.flatMap((each) =>
      [...each.text.matchAll(/from=([\w-]+),source=([^\s,]+)/g)].flatMap(([, from, path = '']) =>
        from === stages[stage]?.name ? [path] : [],
      ),
    )
    const made = [`/rootfs/${folder}`, ...new Set([...copied, ...mounted])].join(' ')
    const hollowed = program
      ? `${flags} ["${program}", "--version", "${folder}"]`
      : `${flags} mkdir -p ${made} || true${comment}`
    return result
      .split('\n')
      .toSpliced(line - 1, endLine - line + 1, hollowed)
      .join('\n')
  }, dockerfile)
}

/** The text of a `RUN`, changed so that it does the same. */
export const changedCommand = (text: string): string =>
  text.endsWith('"]') ? text.replace(/]$/, ', "NEW"]') : `${text} # NEW`

/** What a `COPY` takes. */
export const pathsOf = (copy: string): string[] =>
  copy
    .replaceAll('\\\n', ' ')
    .split(/\s+/)
    .slice(1, -1)
    .filter((word) => !word.startsWith('--'))
