import type { Image } from '@stagecraft/image'
import type { Variant } from './check.ts'
import type { ImageConfig } from './config.ts'
import { boot, type RunningContainer } from './container.ts'
import { type ImageInspection, inspectImage, readLocalImage } from './local-image.ts'

export interface SubjectOptions {
  app: string
  variant: Variant
  /** Reference of a local image, as `stagecraft/express-api:prod`. */
  image: string
  config: ImageConfig
  /** Absolute path of the app's folder, for what its `package.json` says. */
  appDir: string
  /** Where analysed layers are remembered, as `<root>/.cache/layers`. */
  layerCache: string
}

/** An image to check. What it takes long to find out is found out once. */
export interface Subject extends SubjectOptions, AsyncDisposable {
  /** @throws Error when there is no such image */
  inspect(): Promise<ImageInspection>
  archive(): Promise<Image>
  /** A container for checks that leave it as they found it; removed when the subject is disposed. */
  container(): Promise<RunningContainer>
  /** That container, for a check that ends it; the next check that asks for one gets another. */
  takeContainer(): Promise<RunningContainer>
}

/** Makes an image ready to be checked; nothing is started before a check needs it. */
export function openSubject(options: SubjectOptions): Subject {
  let booted: Promise<RunningContainer> | undefined
  const subject: Subject = {
    ...options,
    inspect: once(() => inspectImage(options.image)),
    archive: once(() => readLocalImage(options.image, options.layerCache)),
    container: () => {
      booted ??= boot(subject)
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

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
