import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Analysis } from '@stagecraft/dockerfile'
import {
  type BakeImage,
  type BakeRun,
  bake,
  baseImages,
  copyTree,
  findBuildkit,
  products,
  pushAs,
  pushBase,
  pushedLayers,
  type Registry,
  removedWithThisProcess,
  startBuilder,
  startRegistry,
  timeBake,
} from '@stagecraft/engine'
import { type Held, hold } from '@stagecraft/engine/held'
import type { Rebuild, Scenario } from '@stagecraft/report'
import { execa } from 'execa'
import { analyzeFile, inOneLine } from '../analyze-file.ts'
import { spread } from '../spread.ts'
import { apply, type Edit, editsFor, inContext, undo } from './changes.ts'
import { allScenarios } from './scenarios.ts'

export interface ScenarioOptions {
  /** Absolute path of the repository. Its files are only read. */
  root: string
  /** A registry to push to, as `registry.example.com/team`, instead of an empty one on loopback. */
  registry?: string | undefined
  /** How often each is built after a change; from nothing, once. */
  runs: number
  signal: AbortSignal
  /** What is being done, in a few words. */
  doing: (text: string) => void
  /** Called whenever an image has been built after a change, with what all builds after it took; `last` for its last. */
  onRebuild: (image: BakeImage, rebuild: Rebuild, last: boolean) => void
  /** Called for an image that a change keeps from building: the others are measured all the same. */
  onFailure: (image: BakeImage, scenario: Scenario, message: string) => void
}

/**
 * Builds images again and again in a copy of the repository, each time after a change that was never built before, and
 * tells what that took. Round by round over all images, so that a slow minute of the machine falls on all of them. A
 * change is taken back before the next: every build begins where all is in the cache but what that change asks for.
 */
export async function measureScenarios(
  images: readonly BakeImage[],
  wanted: readonly Scenario[],
  options: ScenarioOptions,
): Promise<void> {
  const { root, signal, doing } = options
  doing('copying the repository')
  await using left = new AsyncDisposableStack()
  const tree = await copyTree(root)
  left.defer(() => rm(tree, { recursive: true, force: true }))
  left.defer(() => {
    // Gigabytes: it takes a while, after Ctrl-C too.
    doing('removing what was built')
    return removeImages(images)
  })
  const builder = new Builder(tree, options)
  const sound = await builder.warm(images)

  if (wanted.includes('line') || wanted.includes('registry-cache')) {
    doing('starting a registry on loopback')
    builder.registry = options.registry
      ? { address: options.registry }
      : left.use(await startRegistry(signal))
  }
  if (wanted.includes('registry-cache')) {
    doing('looking for a BuildKit daemon')
    builder.buildkit = await findBuildkit(signal)
  }
  for (const scenario of allScenarios.filter((each) => wanted.includes(each))) {
    const rounds = scenario === 'from-nothing' ? 1 : options.runs
    // What is not shipped is not built on the machine of a pipeline.
    const shipped = ({ variant }: BakeImage) => scenario !== 'registry-cache' || products.includes(variant)
    for (let round = 0; round < rounds; round++) {
      for (const image of [...sound].filter(shipped)) {
        doing(`${image.target}: ${scenario}${rounds > 1 ? `, ${round + 1} of ${rounds}` : ''}`)
        try {
          await builder.measure(image, scenario, round === rounds - 1)
        } catch (error) {
          signal.throwIfAborted()
          sound.delete(image)
          options.onFailure(image, scenario, (error as Error).message)
        }
      }
    }
  }
}

/** Of its own for each process: another comparison may be under way. */
const ours = randomUUID().slice(0, 8)
const tagOf = ({ target }: BakeImage) => `stagecraft-scenario-${ours}/${target}:built`

const cacheOf = ({ address }: Pick<Registry, 'address'>, target: string) => `${address}/cache:${target}`

async function removeImages(images: readonly BakeImage[]): Promise<void> {
  await execa('docker', ['image', 'rm', '--force', ...images.map(tagOf)], { reject: false })
}

class Builder {
  readonly #tree: string
  readonly #options: ScenarioOptions
  /** By target and scenario. */
  readonly #took = new Map<string, number[]>()
  registry: Pick<Registry, 'address'> | undefined
  /** The image of a daemon. */
  buildkit = ''
  /** What the registry has: base images, and targets with their cache. */
  readonly #pushed = new Set<string>()

  constructor(tree: string, options: ScenarioOptions) {
    this.#tree = tree
    this.#options = options
  }

  /** Builds all of them, so that everything is in the cache. @returns those that could be built */
  async warm(images: readonly BakeImage[]): Promise<Set<BakeImage>> {
    const { signal, doing, onFailure } = this.#options
    doing(`building ${images.length} images`)
    const sound = new Set(images)
    const args = images.flatMap((image) => this.#args(image))
    const targets = images.map(({ target }) => target)
    try {
      await bake(this.#tree, targets, { args, signal })
      return sound
    } catch {
      signal.throwIfAborted()
    }
    // One that fails ends the build of all.
    for (const image of images) {
      try {
        await bake(this.#tree, [image.target], { args: this.#args(image), signal })
      } catch (error) {
        signal.throwIfAborted()
        sound.delete(image)
        onFailure(image, 'unchanged', (error as Error).message)
      }
    }
    return sound
  }

  /** @param last whether it is the last run of the scenario, of which a push is counted */
  async measure(image: BakeImage, scenario: Scenario, last: boolean): Promise<void> {
    /** A change that was never built before. */
    const change = () => editsFor(scenario, this.#tree, image, randomUUID().replaceAll('-', ''))
    const edits = await change()
    const changes = scenario !== 'from-nothing' && scenario !== 'unchanged'
    if (changes && edits.length === 0) return
    const key = `${image.target} ${scenario}`
    const counted = last && scenario === 'line' ? this.registry : undefined
    // After a build from nothing, steps are in the cache twice: builds after a change take the same one of the two.
    if (counted && !this.#took.has(key)) await this.#build(image, scenario, await change())
    const before = counted && (await this.#push(image, counted, 'before'))
    if (scenario === 'registry-cache') await this.#pushCache(image)
    const run = await this.#build(image, scenario, edits)
    const after = counted && (await this.#push(image, counted, 'after'))
    const known = before?.map(({ digest }) => digest)
    const pushed = after?.filter(({ digest }) => !known?.includes(digest))
    const took = [...(this.#took.get(key) ?? []), run.milliseconds]
    this.#took.set(key, took)
    const analysis = await this.#analyze(image, edits)
    const rebuild = {
      scenario,
      tookMs: spread(took),
      ...whatRan(analysis, hold(analysis, run.steps, image.target), scenario),
      ...(pushed && { pushedBytes: pushed.reduce((sum, { size }) => sum + size, 0) }),
    }
    this.#options.onRebuild(image, rebuild, last)
  }

  /** Builds an image after a change, which is taken back. */
  async #build(image: BakeImage, scenario: Scenario, edits: readonly Edit[]): Promise<BakeRun> {
    const args = [...this.#args(image), ...(scenario === 'from-nothing' ? ['--no-cache'] : [])]
    await apply(this.#tree, edits)
    try {
      return scenario === 'registry-cache'
        ? await this.#buildFresh(image)
        : await timeBake(this.#tree, image.target, { args, signal: this.#options.signal })
    } finally {
      await undo(this.#tree, edits)
    }
  }

  /** Builds as a machine does that has never built it: with an empty cache, that of the registry, and a push. */
  async #buildFresh({ target }: BakeImage): Promise<BakeRun> {
    const { signal } = this.#options
    const registry = this.registry as Pick<Registry, 'address'>
    await using empty = await startBuilder(this.buildkit, registry, signal)
    const args = [
      `--set=${target}.cache-from=type=registry,ref=${cacheOf(registry, target)}`,
      `--set=${target}.tags=${registry.address}/scenario:${target}-fresh`,
      `--set=${target}.output=type=image,push=true`,
    ]
    return await timeBake(this.#tree, target, { args, env: empty.env, signal })
  }

  /** What a build before the change leaves for others: its cache, and on loopback the images that it begins from. */
  async #pushCache(image: BakeImage): Promise<void> {
    const { signal, registry: own } = this.#options
    const registry = this.registry as Pick<Registry, 'address'>
    const bases = own ? [] : await baseImages(this.#tree, [image])
    for (const base of bases.filter((name) => !this.#pushed.has(name))) {
      await pushBase(base, registry, signal)
      this.#pushed.add(base)
    }
    if (this.#pushed.has(image.target)) return
    const cache = `type=registry,ref=${cacheOf(registry, image.target)},mode=max,compression=zstd`
    const set = [`cache-to=${cache}`, 'output=type=cacheonly', 'tags=']
    const args = set.map((each) => `--set=${image.target}.${each}`)
    await bake(this.#tree, [image.target], { args, signal })
    this.#pushed.add(image.target)
  }

  #args(image: BakeImage): string[] {
    const labels = Object.entries(removedWithThisProcess())
    return [
      `--set=${image.target}.tags=${tagOf(image)}`,
      ...labels.map(([name, value]) => `--set=${image.target}.labels.${name}=${value}`),
    ]
  }

  async #push(image: BakeImage, { address }: Pick<Registry, 'address'>, tag: string) {
    // One repository: what images share is pushed to it once.
    const reference = `${address}/scenario:${image.target}-${tag}`
    await pushAs(tagOf(image), reference, this.#options.signal)
    return pushedLayers(reference)
  }

  #analyze(image: BakeImage, edits: readonly Edit[]): Promise<Analysis> {
    const { dockerfile, context, stage, args } = image
    const file = { path: join(this.#tree, dockerfile), context: join(this.#tree, context), stage, args }
    const changed = edits.map(({ path }) => ({ path: inContext(image, path) }))
    return analyzeFile(file, changed)
  }
}

/** The steps of the image that ran, with the prediction's words; what `FROM` names is looked up, and is no step. */
function whatRan(
  { instructions }: Analysis,
  held: readonly Held[],
  scenario: Scenario,
): Pick<Rebuild, 'ran' | 'cached'> {
  const steps = held.filter(({ keyword }) => keyword !== 'FROM')
  const ran = steps.filter((step) => step.ran)
  return {
    ran: ran.map(({ line, outcome, seconds }) => {
      const { text = '', why } = instructions.find((each) => each.line === line) ?? {}
      return {
        line,
        instruction: inOneLine(text),
        // Without a cache there is nothing to predict.
        predicted: scenario === 'from-nothing' ? 'reruns' : outcome,
        ...(why && { why: why.slice(0, 1024) }),
        ms: Math.round(seconds * 1000),
      }
    }),
    cached: steps.length - ran.length,
  }
}
