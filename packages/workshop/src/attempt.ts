import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Analysis, analyze, type Change as Changed, type Instruction } from '@stagecraft/dockerfile'
import type { Build } from './build.ts'
import type { Contained } from './container.ts'
import { changeFile, copyFolder, type Entry, listFolder } from './folder.ts'
import type { Answers, Change, Exercise, Of } from './model.ts'

/** What is being done: for a person who waits. */
export interface Step {
  tier: number
  doing: 'checking' | 'building' | 'reading' | 'starting' | 'rebuilding'
}

export interface AttemptOptions {
  exercise: Exercise
  /** The learner's folder. Nothing is written to it. */
  folder: string
  answers?: Answers
  signal?: AbortSignal | undefined
  onStep?: ((step: Step) => void) | undefined
  /** Whether what is certain by the text alone is built all the same: an answer to a prediction comes from the engine. */
  settle?: boolean
}

/** A learner's folder under check. What takes long to find out is found out once, and only when a fact needs it. */
export class Attempt implements AsyncDisposable {
  readonly exercise: Exercise
  readonly folder: string
  readonly answers: Answers
  readonly settle: boolean
  readonly signal: AbortSignal | undefined
  readonly #onStep: AttemptOptions['onStep']
  readonly #known = new Map<string, Promise<unknown>>()
  readonly #disposables = new AsyncDisposableStack()
  readonly #images: string[] = []
  #settling: Attempt | undefined

  constructor({ exercise, folder, answers = {}, signal, onStep, settle = false }: AttemptOptions) {
    this.exercise = exercise
    this.folder = folder
    this.answers = answers
    this.signal = signal
    this.settle = settle
    this.#onStep = onStep
  }

  /** Finds something out once; what is asked for at the same time waits for the same. */
  once<T>(key: string, find: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key) as Promise<T> | undefined
    if (known) return known
    const found = find()
    this.#known.set(key, found)
    return found
  }

  /** The same folder, with answers that come from the engine alone; gone with this one. */
  settling(): Attempt {
    this.#settling ??= this.#disposables.use(
      new Attempt({ exercise: this.exercise, folder: this.folder, signal: this.signal, settle: true }),
    )
    return this.#settling
  }

  say(tier: number, doing: Step['doing']): void {
    this.signal?.throwIfAborted()
    this.#onStep?.({ tier, doing })
  }

  get file(): string {
    return this.exercise.build?.file ?? 'Dockerfile'
  }

  files(): Promise<Entry[]> {
    return this.once('files', () => listFolder(this.folder))
  }

  read(path: string): Promise<string | undefined> {
    return this.once(`read ${path}`, () => readFile(join(this.folder, path), 'utf8').catch(() => undefined))
  }

  async dockerfile(): Promise<string> {
    return (await this.read(this.file)) ?? ''
  }

  /** The text of the `.dockerignore` that counts: one of the Dockerfile's own goes first. */
  async dockerignore(): Promise<string> {
    return (await this.read(`${this.file}.dockerignore`)) ?? (await this.read('.dockerignore')) ?? ''
  }

  /** @throws DockerfileError */
  async analysis(of: Of = {}): Promise<Analysis> {
    const { target = this.exercise.build?.target, args, change } = of
    return this.once(`analysis ${JSON.stringify([target, args, change])}`, async () => {
      const text = await this.dockerfile()
      return analyze(text, {
        ...(target && { target }),
        args: { ...this.exercise.build?.args, ...args },
        dockerignore: await this.dockerignore(),
        changed: change ? changedBy(change, await this.analysis(before(of))) : [],
      })
    })
  }

  /** The instructions of reached stages whose text matches; of one stage where it is named. */
  async instructions(pattern: string, stage?: string): Promise<Instruction[]> {
    const { stages, instructions } = await this.analysis()
    const wanted = new RegExp(pattern, 'm')
    return instructions.filter((each) => {
      const own = each.stage === undefined ? undefined : stages[each.stage]
      return own?.reached !== false && (stage === undefined || own?.name === stage) && wanted.test(each.text)
    })
  }

  /** Builds; with a change, in a copy of the folder, after the build without it. */
  async build(of: Of = {}): Promise<Build> {
    const { target, args, secrets, noSecrets, change } = of
    return this.once(`build ${JSON.stringify([target, args, secrets, noSecrets, change])}`, async () => {
      const { build = {} } = this.exercise
      const { runBuild } = await import('./build.ts')
      const asked = {
        name: this.exercise.slug,
        file: this.file,
        target: target ?? build.target,
        args: { ...build.args, ...args },
        secrets: noSecrets ? {} : { ...build.secrets, ...secrets },
        signal: this.signal,
      }
      if (!change) {
        this.say(2, 'building')
        return this.#keep(await runBuild({ ...asked, folder: this.folder }))
      }
      const copy = this.#disposables.use(await copyFolder(this.folder))
      if ('path' in change) await changeFile(copy.path, change)
      else await this.#changeInstruction(copy.path, change)
      this.say(5, 'rebuilding')
      return this.#keep(await runBuild({ ...asked, folder: copy.path }))
    })
  }

  #keep(built: Build): Build {
    if (built.image) this.#images.push(built.image)
    return built
  }

  async #changeInstruction(folder: string, { instruction, text }: { instruction: string; text: string }) {
    const wanted = new RegExp(instruction, 'm')
    // Also one of a stage that the target does not need.
    const found = (await this.analysis()).instructions.find((each) => wanted.test(each.text))
    if (!found) return
    const lines = (await this.dockerfile()).split('\n')
    const fresh = text.replaceAll('{{new}}', crypto.randomUUID())
    lines.splice(found.line - 1, found.endLine - found.line + 1, fresh)
    await writeFile(join(folder, this.file), lines.join('\n'))
  }

  /** A container of the built image, removed with this attempt. */
  contain(key: string, make: () => Promise<Contained>): Promise<Contained> {
    return this.once(`container ${key}`, async () => {
      this.say(4, 'starting')
      return this.#disposables.use(await make())
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#known.values())
    await this.#disposables[Symbol.asyncDispose]()
    if (this.#images.length === 0) return
    const { removeImages } = await import('./build.ts')
    await removeImages(this.#images)
  }
}

/** The same build without its change. */
export function before({ change: _, ...of }: Of): Of {
  return of
}

function changedBy(change: Change, { stages, instructions }: Analysis): Changed[] {
  if ('path' in change) return [{ path: change.path, what: change.touch ? 'time' : 'content' }]
  const wanted = new RegExp(change.instruction, 'm')
  const found = instructions.find(
    ({ text, stage }) => wanted.test(text) && (stage === undefined || stages[stage]?.reached),
  )
  return found ? [{ instruction: found.line, text: change.text }] : []
}
