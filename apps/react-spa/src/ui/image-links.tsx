import type { ImageName } from '@stagecraft/report/schema'
import { imageName } from '../data/images.ts'
import { AppLink } from './app-link.tsx'
import styles from './image-links.module.css'

/** The images there are, for an address that names another one. `pathOf` says which page of theirs is linked. */
export function ImageLinks(props: { images: readonly ImageName[]; pathOf: (image: ImageName) => string }) {
  const { images, pathOf } = props
  return (
    <ul className={styles.images}>
      {images.map((image) => (
        <li key={imageName(image)}>
          <AppLink to={pathOf(image)}>{imageName(image)}</AppLink>
        </li>
      ))}
    </ul>
  )
}
