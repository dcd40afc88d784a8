import type { ImageReport, LayerReport } from '@stagecraft/report/schema'
import { useSizeKind } from '../data/address.ts'
import { counted, megabytes } from '../data/format.ts'
import { bytesOf, type SizeKind } from '../data/images.ts'
import { instruction, type Origin, originOf } from '../data/sizes.ts'
import { CopyButton } from '../ui/copy.tsx'
import { TableScroll } from '../ui/tables.tsx'
import { LongText, VisuallyHidden } from '../ui/text.tsx'
import ui from '../ui/ui.module.css'
import styles from './image.module.css'

/** What each layer adds, from the base up. The bars are of one scale, that of the largest layer. */
export function LayersTable({ image }: { image: ImageReport }) {
  const [kind] = useSizeKind()
  const scale = Math.max(1, ...image.layers.map((layer) => bytesOf(layer, kind)))
  const groups = Map.groupBy(image.layers.entries(), ([index]) => originOf(image, index))
  return (
    <TableScroll label="Layers, table">
      <table className={`${ui.table} ${styles.table}`}>
        <thead>
          <tr>
            <th className={ui.number} scope="col">
              <VisuallyHidden>Layer</VisuallyHidden>
            </th>
            <th scope="col">Instruction</th>
            <th className={ui.number} scope="col">
              Pull MB
            </th>
            <th className={ui.number} scope="col">
              Disk MB
            </th>
            <th className={styles.bars} scope="col">
              {kind === 'pull' ? 'Pull' : 'Disk'}
            </th>
          </tr>
        </thead>
        {[...groups].map(([origin, layers]) => (
          <tbody key={origin}>
            <GroupHead image={image} origin={origin} layers={layers.map(([, layer]) => layer)} />
            {layers.map(([index, layer]) => (
              <LayerRow key={index} {...{ index, layer, origin, kind, scale }} />
            ))}
          </tbody>
        ))}
      </table>
    </TableScroll>
  )
}

function GroupHead({ image, origin, layers }: { image: ImageReport; origin: Origin; layers: LayerReport[] }) {
  if (origin === 'unknown') return null
  const sum = (kind: SizeKind): number => layers.reduce((total, layer) => total + bytesOf(layer, kind), 0)
  return (
    <tr className={styles.group}>
      <th scope="rowgroup" colSpan={2}>
        {origin === 'base' ? `Base image ${image.base.name}` : 'Own layers'}
        <span className={styles.layerCount}>, {counted(layers.length, 'layer')}</span>
      </th>
      <td className={ui.number}>{megabytes(sum('pull'))}</td>
      <td className={ui.number}>{megabytes(sum('disk'))}</td>
      <td />
    </tr>
  )
}

function LayerRow(props: {
  index: number
  layer: LayerReport
  origin: Origin
  kind: SizeKind
  scale: number
}) {
  const { index, layer, origin, kind, scale } = props
  const { digest, compressedBytes, compressedIsEstimate, unpackedBytes } = layer
  const text = instruction(layer)
  return (
    <tr>
      <td className={`${ui.number} ${styles.position}`}>{index + 1}</td>
      <th className={styles.instruction} scope="row">
        <LongText text={text ?? 'Not recorded'}>
          {text && <CopyButton text={text} what={`the instruction of layer ${index + 1}`} />}
          <code className={styles.digest}>{digest}</code>
        </LongText>
      </th>
      <td className={ui.number}>
        {compressedIsEstimate && <abbr title="Estimate: this engine stores layers uncompressed">≈ </abbr>}
        {megabytes(compressedBytes)}
      </td>
      <td className={ui.number}>{megabytes(unpackedBytes)}</td>
      <td>
        <div className={styles[origin]} style={{ inlineSize: `${(100 * bytesOf(layer, kind)) / scale}%` }} />
      </td>
    </tr>
  )
}
