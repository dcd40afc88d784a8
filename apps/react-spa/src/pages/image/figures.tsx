import type { ImageReport } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { count, counted, megabytes, milliseconds, range } from '../../data/format.ts'
import { originOf } from '../../data/layers.ts'
import { reduction } from '../../data/reduction.ts'
import styles from './figures.module.css'

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

/** The figures of one image; `images` are those it is compared with. */
export function Figures({ image, images }: { image: ImageReport; images: readonly ImageReport[] }) {
  const { size, run, layers, contents } = image
  const against = (kind: 'pull' | 'disk'): string | undefined => {
    const text = reduction(image, images, kind)
    return text && `${text}${text.endsWith('er') ? ' than' : ' as'} single`
  }
  return (
    <dl className={styles.figures}>
      <Figure name="Pull" unit="MB" value={megabytes(size.compressedBytes)}>
        {against('pull') ?? 'compressed'}
      </Figure>
      <Figure name="Disk" unit="MB" value={megabytes(size.unpackedBytes)}>
        {against('disk') ?? 'unpacked'}
      </Figure>
      <Figure name="Ready" unit="ms" value={milliseconds(run.startToReadyMs.median)}>
        {range(run.startToReadyMs)} in {counted(run.startToReadyMs.runs, 'start')}
      </Figure>
      <Figure name="Stop" unit="ms" value={milliseconds(run.stopMs)}>
        from SIGTERM to the exit
      </Figure>
      <Figure name="Memory" unit="MB" value={megabytes(run.idleMemoryBytes)}>
        when idle
      </Figure>
      <Figure name="Layers" value={count(layers.length)}>
        {describeLayers(image)}
      </Figure>
      <Figure name="Files" value={count(contents.files)}>
        {count(contents.executables)} can be executed
      </Figure>
      <Figure name="Waste" unit="MB" value={megabytes(contents.wastedBytes)}>
        {size.unpackedBytes > 0 && `${percent.format(contents.wastedBytes / size.unpackedBytes)} of the disk`}
      </Figure>
    </dl>
  )
}

function Figure(props: { name: string; unit?: string; value: string; children: ReactNode }) {
  const { name, unit, value, children } = props
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd className={styles.value}>
        {value}
        {unit && <span className={styles.unit}> {unit}</span>}
      </dd>
      <dd className={styles.detail}>{children}</dd>
    </div>
  )
}

function describeLayers(image: ImageReport): string {
  const own = image.layers.filter((_, index) => originOf(image, index) === 'own').length
  return image.base.layers === undefined
    ? 'with those of the base'
    : `${count(image.layers.length - own)} of the base, ${count(own)} own`
}
