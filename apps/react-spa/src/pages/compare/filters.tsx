import type { ImageName } from '@stagecraft/report/schema'
import { useQueryParam } from '../../data/query-param.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import styles from './filters.module.css'

export function Filters({ images }: { images: readonly ImageName[] }) {
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
