/**
 * Hands out turns in the order of asking, `count` at a time. A turn ends when it is disposed, or after `longest`
 * milliseconds.
 */
export function turns(count: number, longest: number): () => Promise<Disposable> {
  const waiting: (() => void)[] = []
  let free = count
  return async () => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    const turn = new DisposableStack()
    turn.defer(() => {
      const next = waiting.shift()
      if (next) next()
      else free++
    })
    const timer = setTimeout(() => turn.dispose(), longest)
    turn.defer(() => clearTimeout(timer))
    return turn
  }
}
