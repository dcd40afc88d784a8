import { boot, inspectImage, type RunningContainer, readLocalImage, type Settings } from '@stagecraft/engine'
import type { Subject, SubjectOptions } from './model.ts'

/** Makes an image ready to be checked; nothing is started before a check needs it. */
export function openSubject(options: SubjectOptions): Subject {
  let booted: Promise<RunningContainer> | undefined
  const subject: Subject = {
    ...options,
    inspect: once(() => inspectImage(options.image)),
    archive: once(() => readLocalImage(options.image)),
    container: () => {
      booted ??= bootSubject(subject)
      return booted
    },
    takeContainer: () => {
      const taken = subject.container()
      booted = undefined
      return taken
    },
    async [Symbol.asyncDispose]() {
      const container = await booted?.catch(() => undefined)
      await container?.[Symbol.asyncDispose]()
    },
  }
  return subject
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
