import type { ImageReport } from '@stagecraft/report/schema'
import { historyPath, imageName } from '../../data/images.ts'
import { standInSentence } from '../../data/stand-in.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { SizeChoice } from '../../ui/size-choice.tsx'
import { Contract } from './contract.tsx'
import { Figures } from './figures.tsx'
import styles from './image-view.module.css'
import { LargestFiles } from './largest-files.tsx'
import { LayersTable } from './layers-table.tsx'
import { Packages } from './packages.tsx'
import { Tools } from './tools.tsx'

/** Everything a report says of one image; `images` are those of the report. */
export function ImageView({ image, images }: { image: ImageReport; images: readonly ImageReport[] }) {
  const { base, dockerfile, contents } = image
  return (
    <>
      <PageHeader
        title={imageName(image)}
        lead={
          <>
            <code>{image.image}</code>, built on <code>{base.name}</code>
          </>
        }
      >
        <ButtonLink to={historyPath(image)}>History</ButtonLink>
        {dockerfile && (
          <ButtonLink
            to="/dockerfile"
            query={{ file: dockerfile.path, ...(dockerfile.target && { target: dockerfile.target }) }}
          >
            Dockerfile
          </ButtonLink>
        )}
      </PageHeader>
      <Section
        title="Figures"
        aside={base.standIn && <span className={styles.badge}>Measured on a stand-in base</span>}
      >
        <Figures image={image} images={images} />
        <p className={styles.note}>{standInSentence([image])}</p>
      </Section>
      <Section title="Layers" aside={<SizeChoice />}>
        <LayersTable image={image} />
      </Section>
      <Section title="Contract">
        <Contract image={image} />
      </Section>
      <div className={styles.contents}>
        <Section title="Packages">
          <Packages contents={contents} />
        </Section>
        <Section title="Largest files">
          <LargestFiles files={contents.largestFiles} />
        </Section>
      </div>
      <Section title="Tools and privileges">
        <Tools contents={contents} />
      </Section>
    </>
  )
}
