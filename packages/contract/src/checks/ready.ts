import { slowness } from '@stagecraft/engine'
import { inSharedContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'

/** Milliseconds of a machine that is not busy with something else. */
const promised = 10_000

export const ready: Check = {
  id: 'ready',
  promise: 'answers its ready path within 10 s of start',
  check: (subject) =>
    inSharedContainer(ready, subject, async ({ readyAfter }) => {
      if (readyAfter > promised && readyAfter > promised * (await slowness()))
        throw new BrokenPromise(
          ready,
          `GET ${subject.config.ready} answered ${(readyAfter / 1000).toFixed(1)} s after the start`,
          'what the app does before it listens',
        )
    }),
}
