/** Runs work when its turn comes: of what waits, that with the lowest rank is next. */
export type Slots = <T>(rank: number, work: () => Promise<T>) => Promise<T>

/** @param count how much may run at a time */
export function makeSlots(count: number): Slots {
  const waiting: { rank: number; start: () => void }[] = []
  let free = count
  return async (rank, work) => {
    if (free > 0) free--
    else await new Promise<void>((start) => waiting.push({ rank, start }))
    try {
      return await work()
    } finally {
      waiting.sort((a, b) => b.rank - a.rank)
      const next = waiting.pop()
      if (next) next.start()
      else free++
    }
  }
}
