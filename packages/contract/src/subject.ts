import { boot, inspectImage, type RunningContainer, readLocalImage, type Settings } from '@stagecraft/engine'
import type { Subject, SubjectOptions } from './model.ts'

/** Makes an image ready to be checked; nothing is started before a check needs it. */
export function openSubject(options: SubjectOptions): Subject {
  const booted = new Map<string | undefined, Promise<RunningContainer>>()
  const subject: Subject = {
    ...options,
    inspect: once(() => inspectImage(options.image)),
    archive: once(() => readLocalImage(options.image)),
    container: (kind) => {
      const container =
        booted.get(kind) ?? bootSubject(subject, kind && { host: limits, healthcheck: { Test: ['NONE'] } })
      booted.set(kind, container)
      return container
    },
    takeContainer: (kind) => {
      const taken = subject.container(kind)
      booted.delete(kind)
      return taken
    },
    async [Symbol.asyncDispose]() {
      for (const container of booted.values())
        await (await container.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
  return subject
}

/** What `read-only` promises to run with. */
export const limits = {
  ReadonlyRootfs: true,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  Memory: 256 * 1024 * 1024,
  // As much as Memory: no swap.
  MemorySwap: 256 * 1024 * 1024,
  PidsLimit: 128,
}

/** Starts a container of its own, with the app's volumes. @throws NotReady as `boot` */
export function bootSubject(
  { image, config: { port, ready, writable = [] } }: Pick<Subject, 'image' | 'config'>,
  settings: Settings = {},
): Promise<RunningContainer> {
  return boot({ image, port, ready }, { volumes: writable, ...settings })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
