import type { ImageInspection, RunningContainer, Variant } from '@stagecraft/engine'
import type { Image } from '@stagecraft/image'
import type { ImageConfig } from './image-config.ts'

/** One promise of the contract. */
export interface Check {
  id: string
  /** One sentence without its subject, "the image", and without a full stop. */
  promise: string
  /** All variants if left out. */
  appliesTo?: readonly Variant[]
  /** @throws BrokenPromise when the image does not keep it; any other error means that it could not be checked */
  check(subject: Subject): Promise<void>
}

export interface SubjectOptions {
  app: string
  variant: Variant
  /** Reference of a local image, as `stagecraft/express-api:prod`. */
  image: string
  /** Reference of the image that it is built on, or `scratch`. */
  base: string
  config: ImageConfig
  /** Absolute path of the app's folder, for what its `package.json` says. */
  appDir: string
}

/** An image to check. What it takes long to find out is found out once. */
export interface Subject extends SubjectOptions, AsyncDisposable {
  /** @throws Error when there is no such image */
  inspect(): Promise<ImageInspection>
  archive(): Promise<Image>
  /**
   * A container for checks that leave it as they found it; removed when the subject is disposed.
   * @param kind `limited`: as `read-only` promises, and without health checks, so that no process comes and goes
   */
  container(kind?: 'limited'): Promise<RunningContainer>
  /** That container, for a check that ends it; the next check that asks for one gets another. */
  takeContainer(kind?: 'limited'): Promise<RunningContainer>
}

/** What was seen instead of what was promised, where to look, and what the container said, if there was one. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'

  constructor(check: Pick<Check, 'id' | 'promise'>, seen: string, look: string, evidence = '') {
    super(
      [
        `${check.id}: ${seen}.`,
        `Promised: ${check.promise}.`,
        `Look at: ${look}.`,
        ...(evidence && ['', evidence]),
      ].join('\n'),
    )
  }
}
