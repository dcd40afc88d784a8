import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { ImageFilter } from '../../data/images.ts'

/** Which images are shown: `q`, `app` and `variant` in the address. */
export function useFilter(): { filter: ImageFilter; clear: () => void } {
  const [params, setParams] = useSearchParams()
  const [text, app, variant] = ['q', 'app', 'variant'].map((name) => params.get(name) ?? '')
  const filter = useMemo(() => ({ text, app, variant }) as ImageFilter, [text, app, variant])
  const clear = (): void => {
    const rest = [...params].filter(([name]) => !['q', 'app', 'variant'].includes(name))
    setParams(rest, { replace: true, preventScrollReset: true })
  }
  return { filter, clear }
}
