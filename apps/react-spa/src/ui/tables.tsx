import type { ImageName } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { imageName } from '../data/images.ts'
import { AppLink } from './buttons.tsx'
import { VisuallyHidden } from './text.tsx'
import ui from './ui.module.css'

/**
 * A table that may be wider or longer than its place: it scrolls here, under its head. `label` names it; a `short` one leaves
 * room for more beside it.
 */
export function TableScroll(props: { label: string; short?: boolean; children: ReactNode }) {
  const { label, short = false, children } = props
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={short ? ui.short : ui.long} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

const meaning = 'measured on a stand-in base'

/** Stands behind the name of what was measured on a stand-in; nothing behind what was not. */
export function StandInMark({ standIn }: { standIn: boolean }) {
  if (!standIn) return null
  return (
    <span className={ui.mark} title={`Figures ${meaning}`}>
      <span aria-hidden="true">*</span>
      <VisuallyHidden>, {meaning}</VisuallyHidden>
    </span>
  )
}

/** The images there are, for an address that names another one. `pathOf` says which page of theirs is linked. */
export function ImageLinks(props: { images: readonly ImageName[]; pathOf: (image: ImageName) => string }) {
  const { images, pathOf } = props
  return (
    <ul className={ui.images}>
      {images.map((image) => (
        <li key={imageName(image)}>
          <AppLink to={pathOf(image)}>{imageName(image)}</AppLink>
        </li>
      ))}
    </ul>
  )
}
