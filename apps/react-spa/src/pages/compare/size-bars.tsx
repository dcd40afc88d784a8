import type { ImageName, ImageReport } from '@stagecraft/report/schema'
import { memo, useMemo } from 'react'
import { megabytes } from '../../data/format.ts'
import { bytesOf, groupByApp, imageName, imagePath, type SizeKind } from '../../data/images.ts'
import { layerBytes } from '../../data/layers.ts'
import { reduction } from '../../data/reduction.ts'
import { AppLink } from '../../ui/app-link.tsx'
import { LayerBar } from '../../ui/layer-bar.tsx'
import { LayerLegend } from '../../ui/layer-legend.tsx'
import { LayerTooltip } from '../../ui/layer-tooltip.tsx'
import { StandInMark } from '../../ui/stand-in-mark.tsx'
import table from '../../ui/table.module.css'
import { useFirst } from '../../ui/use-first.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './size-bars.module.css'

const words: Record<SizeKind, { head: string; caption: string }> = {
  pull: { head: 'Pull MB', caption: 'Compressed size of each image, layer by layer' },
  disk: { head: 'Disk MB', caption: 'Unpacked size of each image, layer by layer' },
}

/**
 * A bar for each image of `shown`, all on one scale, and a place for each of `toCome`; `images` are those they are compared with.
 */
export const SizeBars = memo(function SizeBars(props: {
  shown: ImageReport[]
  toCome: ImageName[]
  images: readonly ImageReport[]
  kind: SizeKind
}) {
  const { shown, toCome, images, kind } = props
  const scale = useMemo(() => Math.max(1, ...shown.map((image) => layerBytes(image, kind))), [shown, kind])
  const [first, showAll] = useFirst<ImageReport | ImageName>([...shown, ...toCome], 100, 'images')
  return (
    <>
      <figure className={styles.figure}>
        <LayerTooltip images={shown} kind={kind}>
          <table className={`${table.table} ${styles.table}`}>
            <caption>
              <VisuallyHidden>{words[kind].caption}</VisuallyHidden>
            </caption>
            <thead>
              <tr>
                <th className={styles.name} scope="col">
                  Image
                </th>
                <th scope="col">
                  <LayerLegend images={shown} />
                </th>
                <th className={`${table.number} ${styles.bytes}`} scope="col">
                  {words[kind].head}
                </th>
                <th className={`${table.number} ${styles.reduction}`} scope="col">
                  Against single
                </th>
              </tr>
            </thead>
            {groupByApp(first).map(([app, group]) => (
              <tbody key={app}>
                <tr>
                  <th className={styles.app} scope="rowgroup" colSpan={4} title={app}>
                    {app}
                  </th>
                </tr>
                {group.map((image) => (
                  <tr key={image.variant}>
                    <th className={styles.name} scope="row">
                      <AppLink to={imagePath(image)} title={imageName(image)} aria-label={imageName(image)}>
                        {image.variant}
                      </AppLink>
                      {'base' in image && <StandInMark standIn={image.base.standIn} />}
                    </th>
                    {'size' in image ? (
                      <>
                        <td>
                          <LayerBar image={image} kind={kind} scale={scale} />
                        </td>
                        <td className={table.number}>{megabytes(bytesOf(image.size, kind))}</td>
                        <td className={`${table.number} ${styles.soft}`}>{reduction(image, images, kind)}</td>
                      </>
                    ) : (
                      <td className={styles.soft} colSpan={3}>
                        Still to come
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </LayerTooltip>
      </figure>
      {showAll}
    </>
  )
})
