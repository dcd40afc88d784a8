import { useRef, useState } from 'react'
import { PastedFields } from './pasted-fields.tsx'
import { readPasted } from './pasted-text.ts'
import { lineRange } from './place.ts'
import type { Selection } from './selection.ts'
import type { Select } from './use-selection.ts'
import { Workbench } from './workbench.tsx'

/** A Dockerfile that somebody pastes, and a .dockerignore if it has one. */
export function PastedSource({ selection, select }: { selection: Selection; select: Select }) {
  const [text, setText] = useState(readPasted)
  const area = useRef<HTMLTextAreaElement>(null)

  const goToLine = (line: number): void => {
    area.current?.focus()
    area.current?.setSelectionRange(...lineRange(area.current.value, line))
  }
  return (
    <>
      <PastedFields area={area} onSettled={setText} />
      <Workbench
        source={text}
        images={[]}
        files={[]}
        selection={selection}
        select={select}
        goToLine={goToLine}
      />
    </>
  )
}
