import styles from './stand-in-mark.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

const meaning = 'measured on a stand-in base'

/** Stands behind the name of what was measured on a stand-in; nothing behind what was not. */
export function StandInMark({ standIn }: { standIn: boolean }) {
  if (!standIn) return null
  return (
    <span className={styles.mark} title={`Figures ${meaning}`}>
      <span aria-hidden="true">*</span>
      <VisuallyHidden>, {meaning}</VisuallyHidden>
    </span>
  )
}
