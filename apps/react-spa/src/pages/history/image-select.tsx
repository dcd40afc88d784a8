import type { ImageName } from '@stagecraft/report/schema'
import { useNavigate } from 'react-router'
import { groupByApp, historyPath, imageName } from '../../data/images.ts'
import { useReportSearch } from '../../data/report-param.ts'
import { SelectField } from '../../ui/select-field.tsx'

/** Goes to the history of another image of the report; the current one may be of another report. */
export function ImageSelect({ image, images }: { image: ImageName; images: readonly ImageName[] }) {
  const navigate = useNavigate()
  const search = useReportSearch()
  const known = images.some((each) => imageName(each) === imageName(image))
  const go = (name: string): void => {
    const chosen = images.find((each) => imageName(each) === name)
    if (chosen) navigate({ pathname: historyPath(chosen), search })
  }
  return (
    <SelectField label="Image" value={imageName(image)} onChange={go}>
      {!known && <option>{imageName(image)}</option>}
      {groupByApp(images).map(([app, group]) => (
        <optgroup key={app} label={app}>
          {group.map((each) => (
            <option key={each.variant}>{imageName(each)}</option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  )
}
