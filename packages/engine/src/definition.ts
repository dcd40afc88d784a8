import { execa } from 'execa'
import { BuildLog, type BuildProgress } from './progress.ts'

/** A target of a bake file, as `docker buildx bake --print` shows it; it has more fields than these. */
export interface DefinitionTarget {
  tags?: string[]
  /** A path from where bake runs, or a URL. */
  context: string
  /** A path from the context. */
  dockerfile: string
  /** The text of the Dockerfile, instead of a path. */
  'dockerfile-inline'?: string
  target?: string
  args?: Record<string, string>
}

export interface Definition {
  target: Record<string, DefinitionTarget>
}

/**
 * The targets that a bake file has, variables filled in.
 * @param cwd where bake runs: paths of the file are from there
 * @param args as for `docker buildx bake`: a file, and targets or groups
 * @throws Error with what buildx says
 */
export async function printDefinition(cwd: string, args: readonly string[]): Promise<Definition> {
  const { failed, stdout, stderr } = await execa('docker', ['buildx', 'bake', '--print', ...args], {
    cwd,
    reject: false,
  })
  if (failed) throw new Error(stderr.trim())
  return JSON.parse(stdout)
}

/**
 * Builds one target of a definition with the engine's own builder, into the engine's store under one tag, whatever it
 * says of its output.
 * @throws Error with what the failed steps wrote
 */
export async function buildDefinition(
  { target }: Definition,
  name: string,
  {
    tag,
    labels,
    ...options
  }: {
    cwd: string
    tag: string
    labels: Readonly<Record<string, string>>
    signal?: AbortSignal
    onProgress?: (progress: BuildProgress) => void
  },
): Promise<void> {
  const one = { ...target[name], tags: [tag], output: ['type=docker'], 'cache-to': [], attest: [], labels }
  // Who names a file has read it: it may lie beside its context.
  const args = ['--file=-', '--allow=fs.read=*', name]
  const log = await runBake(args, {
    ...options,
    input: JSON.stringify({ target: { ...target, [name]: one } }),
  })
  if (log) throw new Error(log.failure.trimEnd())
}

/** @returns the log of a build that failed; undefined when it did not */
export async function runBake(
  args: readonly string[],
  {
    input,
    cwd,
    env,
    signal,
    onProgress,
    onLine,
  }: {
    cwd: string
    input?: string
    env?: Readonly<Record<string, string>>
    signal?: AbortSignal
    onProgress?: (progress: BuildProgress) => void
    onLine?: (line: string) => void
  },
): Promise<BuildLog | undefined> {
  const log = new BuildLog()
  const running = execa('docker', ['buildx', 'bake', '--progress=rawjson', ...args], {
    cwd,
    env: { BUILDX_BUILDER: 'default', ...env },
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    stdout: 'ignore',
    buffer: false,
    reject: false,
    ...(signal && { cancelSignal: signal }),
  })
  for await (const line of running.iterable({ from: 'stderr' })) {
    onLine?.(String(line))
    if (log.take(String(line))) onProgress?.(log.progress)
  }
  return (await running).failed ? log : undefined
}
