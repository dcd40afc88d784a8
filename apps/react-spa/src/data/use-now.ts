import { useEffect, useState } from 'react'

/** The time in milliseconds since 1970, as it was at most `tickMs` ago. */
export function useNow(tickMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [tickMs])
  return now
}
