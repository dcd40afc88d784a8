import type { ComponentProps } from 'react'
import { AppLink } from './app-link.tsx'
import styles from './button.module.css'

/** A link that looks like a button. */
export function ButtonLink(props: ComponentProps<typeof AppLink>) {
  return <AppLink {...props} className={`${styles.button}`} />
}
