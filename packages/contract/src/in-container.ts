import { evidence, NotReady, type RunningContainer } from '@stagecraft/engine'
import { BrokenPromise, type Check, type Subject } from './model.ts'

/** Lets `look` alone see a container, and removes it. @throws BrokenPromise with the container's last words */
export async function inContainer(
  check: Check,
  boot: Promise<RunningContainer>,
  look: (container: RunningContainer) => Promise<void>,
): Promise<void> {
  await using container = await booted(check, boot)
  await withEvidence(container, () => look(container))
}

/** Lets `look` see the container that checks share. @throws BrokenPromise with the container's last words */
export async function inSharedContainer(
  check: Check,
  subject: Subject,
  look: (container: RunningContainer) => Promise<void>,
): Promise<void> {
  const container = await booted(check, subject.container())
  await withEvidence(container, () => look(container))
}

/**
 * Lets `look` see the container with limits that checks share; where a promise is broken, the next check gets another.
 * @throws BrokenPromise with the container's last words
 */
export async function inLimitedContainer(
  check: Check,
  subject: Subject,
  look: (container: RunningContainer) => Promise<void>,
): Promise<void> {
  const container = await booted(check, subject.container('limited'))
  try {
    await withEvidence(container, () => look(container))
  } catch (error) {
    await (await subject.takeContainer('limited'))[Symbol.asyncDispose]()
    throw error
  }
}

async function booted(check: Check, boot: Promise<RunningContainer>): Promise<RunningContainer> {
  try {
    return await boot
  } catch (error) {
    if (!(error instanceof NotReady)) throw error
    throw new BrokenPromise(
      check,
      error.message,
      'CMD, USER and WORKDIR in the Dockerfile, and `port` and `ready` in image.config.ts',
      error.evidence,
    )
  }
}

async function withEvidence(container: RunningContainer, look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } catch (error) {
    if (error instanceof BrokenPromise) error.message += `\n\n${await evidence(container.handle)}`
    throw error
  }
}
