/** Runs work when its turn comes: of what waits, that with the lowest rank is next. */
export type Slots = <T>(rank: number, work: () => Promise<T>) => Promise<T>

/** @param count how much may run at a time */
export function makeSlots(count: number): Slots {
  const waiting: { rank: number; start: () => void }[] = []
  let free = count
  const startNext = (): void => {
    waiting.sort((a, b) => b.rank - a.rank)
    for (; free > 0 && waiting.length > 0; free--) waiting.pop()?.start()
  }
  return async (rank, work) => {
    await new Promise<void>((start) => {
      waiting.push({ rank, start })
      // What becomes ready by the same event queues first, in whatever order.
      setImmediate(startNext)
    })
    try {
      return await work()
    } finally {
      free++
      startNext()
    }
  }
}
