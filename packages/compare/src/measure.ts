import { join } from 'node:path'
import { loadImageConfig } from '@stagecraft/contract'
import {
  type BakeImage,
  type BuildProgress,
  bake,
  findImage,
  inspectImage,
  productBase,
  readLocalImage,
  readRevision,
} from '@stagecraft/engine'
import type { Failure, ImageReport, Rebuild, Report, Scenario } from '@stagecraft/report'
import { inOrder, nameBatch } from './batches.ts'
import { checkContract, describeBase, describeHost, type Facts, readFacts } from './describe.ts'
import { areBuilt, recallFacts, recallRun, rememberBuilt, rememberRun } from './remembered.ts'
import { measureRounds, type Runnable, usualStarts } from './run.ts'
import { measureScenarios } from './scenarios/measure.ts'
import { inShownOrder } from './select-images.ts'
import { readSources } from './sources.ts'

export type MeasureOptions = {
  root: string
  /** Whether to build the images first. */
  build: boolean
  /** Whether to check which promises of the contract each image keeps. */
  contract: boolean
  /** Starts of each image, and how often each is built after a change; {@link usualStarts} if left out. */
  runs?: number
  /** Whether to measure also what each does under requests, and its program without a container. */
  load?: boolean
  /**
   * Whether what is found out of an image is remembered by its ID: `use` takes what is remembered, `renew` finds it out
   * anew. Neither, if left out.
   */
  memory?: 'use' | 'renew'
  /** What builds after a change cost, once all images are measured; nothing if left out. */
  scenarios?: readonly Scenario[]
  /** Where the builds are pushed to, instead of a registry on loopback. */
  registry?: string
  /** Ends the measuring: the report is then `interrupted`. */
  signal: AbortSignal
  /** Settles when a base image is there, rejects when it cannot be had. All are taken to be there if left out. */
  base?: (name: string) => Promise<unknown>
  /**
   * Called with what could be built of the first batch, before any image is measured and anything else is built, and
   * waited for.
   */
  first?: (built: readonly BakeImage[]) => Promise<void>
  /** Called whenever the report has grown. It is the same object every time. */
  onReport: (report: Report, news: News) => void
}

/** What has just been added to a report. */
export type News =
  | { doing: string }
  | { steps: BuildProgress }
  /** `again` when it had figures before, of fewer starts. */
  | { image: ImageReport; again: boolean }
  | { rebuilt: ImageReport; rebuild: Rebuild; last: boolean }
  | { failed: ImageReport; scenario: Scenario; message: string }
  | { failure: Failure }
  | { ended: true }

/** An image that has been read, and is to be started. */
interface Started extends Runnable {
  of: BakeImage
  id: string
  facts: Facts & Pick<ImageReport, 'base'>
}

/**
 * Builds, reads and starts images, and reports on each as soon as it has started once; the other starts follow when all
 * have. While some are started no other is built; what goes on outside, such as bases being made, may still slow a start,
 * which does not count then. An image that fails costs itself alone.
 * @param batches images that are built together, in the order in which they are wanted; what of a batch has its base
 *   images goes before a batch that has to wait
 */
export async function measure(
  batches: readonly (readonly BakeImage[])[],
  options: MeasureOptions,
): Promise<Report> {
  const { root, signal, onReport } = options
  const images = inShownOrder(batches.flat())
  const report: Report = {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    revision: (await readRevision(root)).revision,
    host: await describeHost(),
    state: 'running',
    planned: images.map(({ app, variant }) => ({ app, variant })),
    images: [],
    ...(await readSources(root, images)),
  }
  const doing = (text: string) => {
    report.doing = text.slice(0, 200)
    onReport(report, { doing: text })
  }
  /** What of the first batch is neither built nor failed, and what is built and waits for it. */
  const first = new Set(options.first && batches[0])
  let waiting: BakeImage[] = []
  const fail = (image: BakeImage, step: Failure['step'], error: unknown) => {
    signal.throwIfAborted()
    first.delete(image)
    const { app, variant } = image
    const failure = { app, variant, step, message: (error as Error).message.slice(0, 16_384) }
    report.failures = [...(report.failures ?? []), failure]
    onReport(report, { failure })
  }
  const build = async (batch: readonly BakeImage[]): Promise<BakeImage[]> => {
    const targets = batch.map(({ target }) => target)
    const text = `building ${nameBatch(batch)}`
    doing(text)
    const onProgress = (steps: BuildProgress) => {
      report.doing = `${text.slice(0, 160)}, ${steps.done} of ${steps.known} steps`
      onReport(report, { steps })
    }
    try {
      if (options.memory === 'use' && (await areBuilt(root, batch))) return [...batch]
      await bake(root, targets, { signal, onProgress })
      if (options.memory) await rememberBuilt(root, batch)
      return [...batch]
    } catch (error) {
      signal.throwIfAborted()
      const [only, ...others] = batch
      if (only && others.length === 0) {
        fail(only, 'build', error)
        return []
      }
      // One that fails ends the build of all.
      const built: BakeImage[] = []
      for (const image of batch) built.push(...(await build([image])))
      return built
    }
  }
  /** How many bases are still being made. */
  let awaited = 0
  const base = async (name: string) => {
    awaited++
    try {
      await options.base?.(name)
    } finally {
      awaited--
    }
  }
  /** @returns undefined when it has failed */
  const read = async (image: BakeImage): Promise<Started | undefined> => {
    try {
      doing(`reading ${image.target}`)
      const inspected = await inspectImage(image.image)
      const { Id } = inspected
      const find = async () => readFacts(await readLocalImage(image.image, { signal }))
      const facts = {
        base: await describeBase(await productBase(root, image), inspected),
        ...(options.memory === 'use' ? await recallFacts(Id, find) : await find()),
      }
      const { port, ready, inFlight } = await loadImageConfig(join(root, 'apps', image.app))
      return { of: image, id: Id, facts, image: image.image, port, ready, ...(inFlight && { inFlight }) }
    } catch (error) {
      fail(image, 'read', error)
      return undefined
    }
  }
  const add = (
    { of: { app, variant, image, dockerfile, stage }, facts }: Started,
    run: ImageReport['run'],
  ) => {
    const path = { path: dockerfile, ...(stage && { target: stage }) }
    const known = report.images.find((each) => each.image === image)
    const measured: ImageReport = { ...known, app, variant, image, ...facts, run, dockerfile: path }
    report.images = sortLike(images, [...report.images.filter((each) => each !== known), measured])
    onReport(report, { image: measured, again: known !== undefined })
  }
  // So many starts as are asked for are no figures for another time.
  const memory = options.runs === undefined ? options.memory : undefined
  const rounds = measureRounds<Started>(
    { signal, runs: options.runs, load: options.load },
    async (each, figures, last) => {
      if (memory && last) await rememberRun(each.id, report.host, figures)
      add(each, figures)
    },
    // Of one that has figures already, they stay.
    ({ of }, error) => report.images.some(({ image }) => image === of.image) || fail(of, 'start', error),
  )
  const measureAll = async (batch: readonly BakeImage[]) => {
    const unknown: Started[] = []
    for (const image of batch) {
      const started = await read(image)
      const known = started && memory === 'use' ? await recallRun(started.id, report.host) : undefined
      if (started && known && (!options.load || known.loadedMemoryBytes !== undefined)) add(started, known)
      else if (started) unknown.push(started)
    }
    if (unknown.length === 0) return
    doing(`starting ${nameBatch(unknown.map(({ of }) => of))}`)
    await rounds.first(unknown, awaited > 0)
  }

  /** Side by side, since a check waits more than it works. */
  const checkBatch = async (batch: readonly BakeImage[]) => {
    doing(`checking the contract of ${nameBatch(batch)}`)
    await Promise.all(
      batch.map(async (image) => {
        const measured = report.images.find((each) => each.image === image.image)
        if (measured) measured.contract = await checkContract(root, image, signal)
      }),
    )
  }

  const measureBuilds = async () => {
    if (!options.scenarios?.length) return
    const measured = images.filter(({ image }) => report.images.some((each) => each.image === image))
    await measureScenarios(measured, options.scenarios, {
      root,
      runs: options.runs ?? usualStarts,
      registry: options.registry,
      signal,
      doing,
      onRebuild: ({ image }, rebuild, last) => {
        const rebuilt = report.images.find((each) => each.image === image)
        if (!rebuilt) return
        const others = (rebuilt.build ?? []).filter(({ scenario }) => scenario !== rebuild.scenario)
        rebuilt.build = [...others, rebuild]
        onReport(report, { rebuilt, rebuild, last })
      },
      onFailure: ({ image }, scenario, message) => {
        const failed = report.images.find((each) => each.image === image)
        if (!failed) return
        const failure = { scenario, message: message.slice(0, 16_384) }
        failed.buildFailures = [...(failed.buildFailures ?? []), failure]
        onReport(report, { failed, ...failure })
      },
    })
  }

  try {
    let served = !options.first
    const measureBuilt = async () => {
      if (!served) await options.first?.(waiting)
      served = true
      await measureAll(waiting)
      if (options.contract) await checkBatch(waiting)
      waiting = []
    }
    const order = inOrder(root, batches, {
      base,
      first,
      signal,
      onWait: () => doing('waiting for base images'),
      onMissing: (image, error) => fail(image, 'base', error),
    })
    for await (const batch of order) {
      signal.throwIfAborted()
      waiting.push(...(options.build ? await build(batch) : await requireImages(batch, fail)))
      for (const image of batch) first.delete(image)
      if (first.size === 0) await measureBuilt()
    }
    await measureBuilt()
    await rounds.rest((each) => doing(`starting ${nameBatch(each.map(({ of }) => of))} again`))
    await measureBuilds()
    report.state = 'done'
  } catch (error) {
    if (!signal.aborted) throw error
    report.state = 'interrupted'
  }
  delete report.doing
  onReport(report, { ended: true })
  return report
}

async function requireImages(
  batch: readonly BakeImage[],
  fail: (image: BakeImage, step: 'build', error: unknown) => void,
): Promise<BakeImage[]> {
  const found: BakeImage[] = []
  for (const image of batch) {
    if (await findImage(image.image)) found.push(image)
    else
      fail(
        image,
        'build',
        new Error(`There is no image ${image.image}. Leave out --no-build to have it built.`),
      )
  }
  return found
}

function sortLike(images: readonly BakeImage[], reports: ImageReport[]): ImageReport[] {
  const place = ({ app, variant }: ImageReport) =>
    images.findIndex((image) => image.app === app && image.variant === variant)
  return reports.toSorted((a, b) => place(a) - place(b))
}
