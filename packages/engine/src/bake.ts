import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { execa } from 'execa'
import { canarySecret } from './canary.ts'
import { printDefinition, runBake } from './definition.ts'
import { type BuildLog, type BuildProgress, readProgress, type StepRun } from './progress.ts'
import { readRevision } from './revision.ts'
import { type Variant, variants } from './variants.ts'

/** One image of the bake file. */
export interface BakeImage {
  app: string
  variant: Variant
  /** As `stagecraft/express-api:prod`. */
  image: string
  /** The bake target that builds it. */
  target: string
  /** Path of its build context in the repository; `.` for all of it. */
  context: string
  /** Path of its Dockerfile in the repository. */
  dockerfile: string
  /** The stage of it that is built; undefined for the last one. */
  stage?: string
  /** Build arguments that the bake file sets. */
  args: Record<string, string>
}

/**
 * The images that `docker buildx bake all` builds.
 * @param root absolute path of the repository
 * @throws Error when the bake file cannot be read, or names an image other than `stagecraft/<app>:<variant>`
 */
export async function bakeImages(root: string): Promise<BakeImage[]> {
  const { target } = await printDefinition(root, ['all'])
  return Object.entries(target).map(
    ([name, { tags = [], context, dockerfile, target: stage, args = {} }]) => {
      const [, app, word] = /^stagecraft\/([^:/]+):([^:]+)$/.exec(tags[0] ?? '') ?? []
      const variant = variants.find((each) => each === word)
      if (!app || !variant || tags.length > 1)
        throw new Error(
          `The bake target ${name} is tagged ${tags.join(', ') || 'nothing'}. Tag it stagecraft/<app>:<variant>, the variant one of ${variants.join(', ')}.`,
        )
      const image = `stagecraft/${app}:${variant}`
      const path = posix.join(context, dockerfile)
      return { app, variant, image, target: name, context, dockerfile: path, args, ...(stage && { stage }) }
    },
  )
}

export interface BakeOptions {
  /** For `docker buildx bake`, before the targets. */
  args?: readonly string[]
  /** Of another builder than the engine's own. */
  env?: Readonly<Record<string, string>>
  signal?: AbortSignal
  /** Told how far the build is, whenever there is news of a step. */
  onProgress?: (progress: BuildProgress) => void
}

/**
 * Builds bake targets with the engine's own builder, labelled with the commit and given the canary as a secret.
 * @throws Error with what the failed steps wrote; everything is in `<root>/.cache/logs/bake.log`
 */
export async function bake(
  root: string,
  targets: readonly string[],
  options: BakeOptions = {},
): Promise<void> {
  let log = await build(root, targets, options)
  if (log && collected(log)) log = await build(root, targets, options)
  options.signal?.throwIfAborted()
  // What is built is still on its way to the disk, where a container that starts now would queue behind it.
  if (!log) return void (await execa('sync'))
  const file = join(root, '.cache/logs/bake.log')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, log.text)
  const said = log.failure.trimEnd().replaceAll('\n', '\n  ')
  throw new Error(`\`docker buildx bake ${targets.join(' ')}\` failed:\n  ${said}\nThe whole output: ${file}`)
}

/** containerd may collect a snapshot while another image that held it is removed; built again, all comes from the cache. */
const collected = ({ failure }: BuildLog) => /parent snapshot \S+ does not exist/.test(failure)

/** What one build took and did. */
export interface BakeRun {
  milliseconds: number
  steps: StepRun[]
}

/**
 * Builds one bake target as {@link bake} does, and tells what that took, the export of the image included.
 * @throws Error with what the failed steps wrote
 */
export async function timeBake(root: string, target: string, options: BakeOptions = {}): Promise<BakeRun> {
  const lines: string[] = []
  const started = performance.now()
  const onLine = (line: string) => void lines.push(line)
  let log = await build(root, [target], { ...options, onLine })
  // The steps of both: of the first, those that ran.
  if (log && collected(log)) log = await build(root, [target], { ...options, onLine })
  const milliseconds = performance.now() - started
  options.signal?.throwIfAborted()
  if (log) throw new Error(log.failure.trimEnd())
  // Of one target alone, buildx names only the stages.
  const steps = readProgress(lines.join('\n')).map((step) => ({ ...step, of: [target, ...step.of] }))
  return { milliseconds, steps }
}

/** @returns the log of a build that failed; undefined when it did not */
async function build(
  root: string,
  targets: readonly string[],
  { args = [], ...options }: BakeOptions & { onLine?: (line: string) => void },
): Promise<BuildLog | undefined> {
  const { revision, epoch } = await readRevision(root)
  return runBake([...canarySecret.args, ...args, ...targets], {
    ...options,
    cwd: root,
    env: { IMAGE_REVISION: revision, COMMIT_TIME: epoch, ...canarySecret.env, ...options.env },
  })
}
