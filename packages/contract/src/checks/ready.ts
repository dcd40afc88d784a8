import { slowness } from '@stagecraft/engine'
import { inContainer, inSharedContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { bootSubject } from '../subject.ts'

/** Milliseconds of a machine that is not busy with something else. */
const promised = 10_000

/** How often a late image is started again: the first start reads its files from the disk, for which it may have to wait. */
const again = 2

export const ready: Check = {
  id: 'ready',
  promise: 'answers its ready path within 10 s of start',
  check: (subject) =>
    inSharedContainer(ready, subject, async (first) => {
      let shortest = first.readyAfter
      for (let start = 0; start < again && (await late(shortest)); start++)
        await inContainer(ready, bootSubject(subject), async ({ readyAfter }) => {
          shortest = Math.min(shortest, readyAfter)
        })
      if (await late(shortest))
        throw new BrokenPromise(
          ready,
          `GET ${subject.config.ready} answered ${(shortest / 1000).toFixed(1)} s after the start`,
          'what the app does before it listens',
        )
    }),
}

const late = async (milliseconds: number) =>
  milliseconds > promised && milliseconds > promised * (await slowness())
