import type { SizeKind } from '../data/images.ts'
import { useSizeKind } from '../data/use-size-kind.ts'
import { Choice } from './choice.tsx'

const sizes: { value: SizeKind; text: string }[] = [
  { value: 'pull', text: 'Pull, compressed' },
  { value: 'disk', text: 'Disk, unpacked' },
]

export function SizeChoice() {
  const [kind, setKind] = useSizeKind()
  return <Choice label="Size" options={sizes} value={kind} onChange={setKind} />
}
