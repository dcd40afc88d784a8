import type { ImageName, ImageReport, Report } from '@stagecraft/report/schema'
import { useDeferredValue, useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { useQueryParam, useSizeKind } from '../data/address.ts'
import { counted } from '../data/format.ts'
import { filterImages, type ImageFilter, imagesToCome, standInSentence } from '../data/images.ts'
import { headline } from '../data/sizes.ts'
import { Button } from '../ui/buttons.tsx'
import { SearchField, SelectField, SizeChoice } from '../ui/fields.tsx'
import { ReportGate } from '../ui/report-gate.tsx'
import { PageHeader, Section } from '../ui/text.tsx'
import styles from './compare.module.css'
import { ImagesTable } from './images-table.tsx'
import { Progress } from './progress.tsx'
import { SizeBars } from './size-bars.tsx'

export function ComparePage() {
  return (
    <ReportGate header={<PageHeader title="Compare" />}>
      {(report, _id, changedAt) => <Comparison report={report} changedAt={changedAt} />}
    </ReportGate>
  )
}

/** All images of a report: their sizes as bars, all their figures as a table; and how far it has come. */
function Comparison({ report, changedAt }: { report: Report; changedAt: number }) {
  const { images } = report
  const [kind] = useSizeKind()
  const { filter, clear } = useFilter()
  const narrowed = useDeferredValue(filter)
  const toCome = useMemo(() => imagesToCome(report), [report])
  const shown = useMemo(() => filterImages(images, narrowed), [images, narrowed])
  const shownToCome = useMemo(() => filterImages(toCome, narrowed), [toCome, narrowed])
  const all = images.length + toCome.length
  const fit = shown.length + shownToCome.length
  return (
    <>
      <PageHeader title="Compare" lead={headline(images, kind)} />
      <Progress report={report} changedAt={changedAt} />
      {all > 0 && (
        <>
          <Filters images={[...images, ...toCome]} />
          <p className={styles.count} role="status">
            {fit === all ? counted(all, 'image') : `${fit} of ${counted(all, 'image')}`}
          </p>
        </>
      )}
      {fit > 0 && (
        <Section title="Sizes" aside={<SizeChoice />}>
          <SizeBars shown={shown} toCome={shownToCome} images={images} kind={kind} />
        </Section>
      )}
      {shown.length > 0 && (
        <Section title="All figures">
          <ImagesTable images={shown} />
          <FigureNotes images={shown} />
        </Section>
      )}
      {all > 0 && fit === 0 && (
        <div className={styles.none}>
          <p>No image fits.</p>
          <Button onClick={clear}>Show all images</Button>
        </div>
      )}
    </>
  )
}

function Filters({ images }: { images: readonly ImageName[] }) {
  const [text, setText] = useQueryParam('q')
  const [app, setApp] = useQueryParam('app')
  const [variant, setVariant] = useQueryParam('variant')
  return (
    <search className={styles.filters}>
      <SearchField label="Filter images" value={text} onChange={setText} placeholder="Part of a name" />
      <SelectField label="App" value={app} onChange={setApp}>
        <option value="">All apps</option>
        <Options values={images.map((image) => image.app)} chosen={app} />
      </SelectField>
      <SelectField label="Variant" value={variant} onChange={setVariant}>
        <option value="">All variants</option>
        <Options values={images.map((image) => image.variant)} chosen={variant} />
      </SelectField>
    </search>
  )
}

/** What an address chooses is an option too, when no image has it. */
function Options({ values, chosen }: { values: string[]; chosen: string }) {
  return [...new Set(chosen ? [...values, chosen] : values)].map((value) => (
    <option key={value}>{value}</option>
  ))
}

/** Which images are shown: `q`, `app` and `variant` in the address. */
function useFilter(): { filter: ImageFilter; clear: () => void } {
  const [params, setParams] = useSearchParams()
  const [text, app, variant] = ['q', 'app', 'variant'].map((name) => params.get(name) ?? '')
  const filter = useMemo(() => ({ text, app, variant }) as ImageFilter, [text, app, variant])
  const clear = (): void => {
    const rest = [...params].filter(([name]) => !['q', 'app', 'variant'].includes(name))
    setParams(rest, { replace: true, preventScrollReset: true })
  }
  return { filter, clear }
}

/** What a reader must know of the figures. */
function FigureNotes({ images }: { images: readonly ImageReport[] }) {
  const runs = new Set(images.map(({ run }) => run.startToReadyMs.runs))
  const estimated = images.some(({ layers }) => layers.some((layer) => layer.compressedIsEstimate))
  const untold = images.some(({ base }) => base.layers === undefined)
  const standIns = standInSentence(images)
  return (
    <div className={styles.notes}>
      {standIns && <p>* {standIns}</p>}
      <p>
        Pull is compressed, disk unpacked; ready is the median of {[...runs].join(' or ')} starts, which nine
        of ten comparisons on this machine find within the ±. OS and npm are packages; tools are shells,
        package managers and compilers.
      </p>
      {untold && <p>This report does not say which layers are the base image's: they have one colour.</p>}
      {estimated && <p>This engine stores layers uncompressed: pull sizes are estimates.</p>}
    </div>
  )
}
