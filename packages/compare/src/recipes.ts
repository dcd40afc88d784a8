import { randomUUID } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { DockerfileError } from '@stagecraft/dockerfile'
import { buildDefinition, type Definition, printDefinition, removedWithThisProcess } from '@stagecraft/engine'
import { buildChecks } from '@stagecraft/engine/checks'
import type { Other } from '@stagecraft/report'
import { execa } from 'execa'
import { analyzeFile, type DockerfileToRead, inOneLine } from './analyze-file.ts'
import { CompareError } from './errors.ts'
import { examine, type OtherOptions } from './others.ts'
import { findSource } from './scenarios/changes.ts'

/** A Dockerfile of another project, or a target of its bake file. */
export interface Recipe {
  /** As it was named, and the target where a bake file has it. */
  name: string
  definition: Definition
  target: string
  /** Where bake runs. */
  cwd: string
}

/**
 * @param file path of a Dockerfile, or of the folder that has one
 * @param context path of the build context, instead of the Dockerfile's folder
 * @param stage that is built, instead of the last one
 * @throws CompareError when there is no such file
 */
export function recipeOfFile(file: string, context?: string, stage?: string): Recipe {
  const path = resolve(file)
  const dockerfile = isFolder(path) ? join(path, 'Dockerfile') : path
  if (!existsSync(dockerfile))
    throw new CompareError(
      'UNKNOWN_TARGET',
      `There is no file ${dockerfile}.`,
      'Name a Dockerfile, or its folder.',
    )
  const folder = resolve(context ?? dirname(dockerfile))
  if (!isFolder(folder))
    throw new CompareError('UNKNOWN_TARGET', `There is no folder ${folder}.`, 'Name the build context.')
  const target = { context: folder, dockerfile, ...(stage && { target: stage }) }
  const name = stage ? `${file} (${stage})` : file
  return { name, definition: { target: { image: target } }, target: 'image', cwd: dirname(dockerfile) }
}

/**
 * What the bake file of another project builds by default.
 * @param path of the file, or of the folder where bake finds one
 * @throws CompareError when bake cannot read it
 */
export async function recipesOfBake(path: string): Promise<Recipe[]> {
  const absolute = resolve(path)
  if (!existsSync(absolute))
    throw new CompareError(
      'UNKNOWN_TARGET',
      `There is no file ${absolute}.`,
      'Name a bake file, or its folder.',
    )
  const [cwd, args] = isFolder(absolute)
    ? [absolute, []]
    : [dirname(absolute), [`--file=${basename(absolute)}`]]
  const definition = await printDefinition(cwd, ['--allow=fs.read=*', ...args]).catch((error: Error) => {
    throw new CompareError(
      'UNKNOWN_TARGET',
      `${path}: ${error.message.split('\n').at(-1)}`,
      'Learn what it builds: docker buildx bake --list=targets',
    )
  })
  return Object.keys(definition.target).map((target) => ({
    name: `${path} (${target})`,
    definition,
    target,
    cwd,
  }))
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory()

/**
 * Builds the image, looks at it as {@link examine} does, and lets it go; tells what BuildKit's checks say of the
 * Dockerfile, and which steps a changed source file runs again.
 * @throws Error with what the failed steps wrote; as `examine`
 */
export async function examineRecipe(recipe: Recipe, options: OtherOptions): Promise<Other> {
  const { name, definition, target, cwd } = recipe
  const { signal, doing } = options
  const tag = `stagecraft-compare-${randomUUID().slice(0, 8)}:built`
  doing(`building ${name}`)
  try {
    await buildDefinition(definition, target, {
      cwd,
      tag,
      labels: removedWithThisProcess(),
      signal,
      onProgress: ({ done, known }) => doing(`building ${name}, ${done} of ${known} steps`),
    })
    signal.throwIfAborted()
    const other = { ...(await examine(tag, options)), image: name }
    if (other.like) other.like.to = name
    const dockerfile = await readDockerfile(recipe)
    return dockerfile ? { ...other, dockerfile } : other
  } finally {
    await execa('docker', ['image', 'rm', '--force', tag], { reject: false })
  }
}

/** Undefined where the Dockerfile is no file, or its context is not on this machine. */
async function readDockerfile({ definition, target, cwd }: Recipe): Promise<Other['dockerfile']> {
  const known = definition.target[target]
  if (!known || 'dockerfile-inline' in known) return undefined
  const { context = '.', dockerfile = 'Dockerfile', target: stage, args } = known
  const folder = resolve(cwd, context)
  const path = resolve(folder, dockerfile)
  if (!isFolder(folder) || !existsSync(path)) return undefined
  const checks = await buildChecks(path, folder, { target: stage, ...(args && { args }) })
  const changed = findSource(folder, relative(folder, dirname(path)) || '.') ?? (await anySource(folder))
  return {
    path: relative(process.cwd(), path) || path,
    ...(stage && { target: stage }),
    checks: checks.map(({ rule, line, detail }) => ({ rule, detail, ...(line && { line }) })),
    ...(changed && (await predictAfter(changed, { path, context: folder, stage, args }))),
  }
}

async function anySource(folder: string): Promise<string | undefined> {
  const exclude = (path: string) => /(^|\/)(node_modules|\.\w+|dist|build|target|venv|tests?)$/.test(path)
  for await (const path of glob('**/*.{ts,tsx,js,mjs,py,go,rs,java,kt,rb,php,cs}', { cwd: folder, exclude }))
    return path
  return undefined
}

/** An empty object where it cannot be told. */
async function predictAfter(
  changed: string,
  file: DockerfileToRead,
): Promise<Pick<NonNullable<Other['dockerfile']>, 'after'>> {
  try {
    const { instructions } = await analyzeFile(file, [{ path: changed }])
    const steps = instructions.flatMap(({ outcome, keyword, line, text, why }) =>
      outcome && keyword !== 'FROM'
        ? [{ line, outcome, instruction: inOneLine(text), why: why?.slice(0, 1024) }]
        : [],
    )
    const rerun = steps.flatMap(({ outcome, why, ...step }) =>
      outcome === 'cached' ? [] : [{ ...step, predicted: outcome, ...(why && { why }) }],
    )
    return { after: { changed, rerun, cached: steps.length - rerun.length } }
  } catch (error) {
    // BuildKit has built it, so it is this reader that does not know what it says.
    if (error instanceof DockerfileError) return {}
    throw error
  }
}
