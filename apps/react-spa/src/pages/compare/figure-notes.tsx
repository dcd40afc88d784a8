import type { ImageReport } from '@stagecraft/report/schema'
import { standInSentence } from '../../data/stand-in.ts'
import styles from './figure-notes.module.css'

/** What a reader must know of the figures. */
export function FigureNotes({ images }: { images: readonly ImageReport[] }) {
  const runs = new Set(images.map(({ run }) => run.startToReadyMs.runs))
  const estimated = images.some(({ layers }) => layers.some((layer) => layer.compressedIsEstimate))
  const untold = images.some(({ base }) => base.layers === undefined)
  const standIns = standInSentence(images)
  return (
    <div className={styles.notes}>
      {standIns && <p>* {standIns}</p>}
      <p>
        Pull is compressed, disk unpacked; ready is the median (range) of {[...runs].join(' or ')} starts. OS
        and npm are packages; tools are shells, package managers and compilers.
      </p>
      {untold && <p>This report does not say which layers are the base image's: they have one colour.</p>}
      {estimated && <p>This engine stores layers uncompressed: pull sizes are estimates.</p>}
    </div>
  )
}
