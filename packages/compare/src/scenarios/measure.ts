import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type Analysis, analyze, type Change } from '@stagecraft/dockerfile'
import {
  type BakeImage,
  type BakeRun,
  bake,
  copyTree,
  pushedLayers,
  type Registry,
  removedWithThisProcess,
  startRegistry,
  timeBake,
} from '@stagecraft/engine'
import { type Held, hold } from '@stagecraft/engine/held'
import type { Rebuild, Scenario } from '@stagecraft/report'
import { execa } from 'execa'
import { spread } from '../spread.ts'
import { apply, type Edit, editsFor, inContext, undo } from './changes.ts'
import { allScenarios } from './scenarios.ts'

export interface ScenarioOptions {
  /** Absolute path of the repository. Its files are only read. */
  root: string
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
  left.defer(() => removeImages(images))
  const builder = new Builder(tree, options)
  const sound = await builder.warm(images)

  if (wanted.includes('line')) {
    doing('starting a registry on loopback')
    builder.registry = left.use(await startRegistry(signal))
  }
  for (const scenario of allScenarios.filter((each) => wanted.includes(each))) {
    const rounds = scenario === 'from-nothing' ? 1 : options.runs
    for (let round = 0; round < rounds; round++) {
      for (const image of [...sound]) {
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

async function removeImages(images: readonly BakeImage[]): Promise<void> {
  await execa('docker', ['image', 'rm', '--force', ...images.map(tagOf)], { reject: false })
}

class Builder {
  readonly #tree: string
  readonly #options: ScenarioOptions
  /** By target and scenario. */
  readonly #took = new Map<string, number[]>()
  registry: Registry | undefined

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
    const nonce = randomUUID().replaceAll('-', '')
    const edits = await editsFor(scenario, this.#tree, image, nonce)
    const changes = scenario !== 'from-nothing' && scenario !== 'unchanged'
    if (changes && edits.length === 0) return
    const counted = last && scenario === 'line' ? this.registry : undefined
    const before = counted && (await this.#push(image, counted, 'before'))
    await apply(this.#tree, edits)
    let run: BakeRun
    try {
      const more = scenario === 'from-nothing' ? ['--no-cache'] : []
      const args = [...this.#args(image), ...more]
      run = await timeBake(this.#tree, image.target, { args, signal: this.#options.signal })
    } finally {
      await undo(this.#tree, edits)
    }
    const after = counted && (await this.#push(image, counted, 'after'))
    const known = before?.map(({ digest }) => digest)
    const pushed = after?.filter(({ digest }) => !known?.includes(digest))
    const key = `${image.target} ${scenario}`
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

  #args(image: BakeImage): string[] {
    const labels = Object.entries(removedWithThisProcess())
    return [
      `--set=${image.target}.tags=${tagOf(image)}`,
      ...labels.map(([name, value]) => `--set=${image.target}.labels.${name}=${value}`),
    ]
  }

  async #push(image: BakeImage, { address }: Registry, tag: string) {
    // One repository: what images share is pushed to it once.
    const reference = `${address}/scenario:${image.target}-${tag}`
    const { signal } = this.#options
    await execa('docker', ['tag', tagOf(image), reference])
    try {
      await execa('docker', ['push', '--quiet', reference], { cancelSignal: signal })
    } finally {
      await execa('docker', ['image', 'rm', reference])
    }
    return pushedLayers(reference)
  }

  async #analyze(image: BakeImage, edits: readonly Edit[]): Promise<Analysis> {
    const read = (path: string) => readFile(join(this.#tree, path), 'utf8')
    const changed: Change[] = edits.map(({ path }) => ({ path: inContext(image, path) }))
    return analyze(await read(image.dockerfile), {
      ...(image.stage && { target: image.stage }),
      args: image.args,
      dockerignore: await read(posix.join(image.context, '.dockerignore')).catch(() => ''),
      changed,
    })
  }
}

/** Without the flags of RUN, which say how it is run; cut where the report's schema wants it. */
export function inOneLine(text: string): string {
  const line = text.replaceAll(/\\\n\s*|\s+/g, ' ')
  return line.replace(/^RUN (--\S+ )+/, 'RUN ').slice(0, 200)
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
