import type { SizeKind } from './images.ts'
import { useQueryParam } from './query-param.ts'

/** Which size the bars show: `size` in the address. */
export function useSizeKind(): [kind: SizeKind, set: (kind: SizeKind) => void] {
  const [value, set] = useQueryParam('size')
  return [value === 'disk' ? 'disk' : 'pull', (kind) => set(kind === 'pull' ? '' : kind)]
}
