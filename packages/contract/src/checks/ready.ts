import { BrokenPromise, type Check } from '../check.ts'
import { inSharedContainer } from '../container.ts'

export const ready: Check = {
  id: 'ready',
  promise: 'answers its ready path within 10 s of start',
  check: (subject) =>
    inSharedContainer(ready, subject, async ({ readyAfter }) => {
      if (readyAfter > 10_000)
        throw new BrokenPromise(
          ready,
          `GET ${subject.config.ready} answered ${(readyAfter / 1000).toFixed(1)} s after the start`,
          'what the app does before it listens',
        )
    }),
}
