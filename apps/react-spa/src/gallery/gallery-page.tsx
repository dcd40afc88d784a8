import { useState } from 'react'
import { counted } from '../data/format.ts'
import { Choice } from '../ui/fields.tsx'
import { PageHeader, Section } from '../ui/text.tsx'
import ui from '../ui/ui.module.css'
import styles from './gallery.module.css'
import pieces from './pieces.json' with { type: 'json' }

type Which = 'all' | 'run'
const choices: { value: Which; text: string }[] = [
  { value: 'all', text: 'All' },
  { value: 'run', text: 'Seen by no linter' },
]

/** Mistakes in Dockerfiles, each with what a run shows of it and with its repair: made from tests/broken. */
export function GalleryPage() {
  const [which, choose] = useState<Which>('all')
  const shown = pieces.filter(({ linted }) => which === 'all' || linted.length === 0)
  const lead = `${counted(shown.length, 'mistake')} in Dockerfiles: the lines, what a run shows, and the repair`
  return (
    <>
      <PageHeader title="Gallery" lead={lead}>
        <Choice label="Mistakes" options={choices} value={which} onChange={choose} />
      </PageHeader>
      {shown.map((piece) => (
        <Piece key={piece.title} {...piece} />
      ))}
    </>
  )
}

function Piece({ title, why, lines, seen, promise, linted, rules, exercise }: (typeof pieces)[number]) {
  return (
    <Section title={title}>
      <p className={styles.why}>{why}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={`${ui.scroll} ${styles.lines}`} tabIndex={0}>
        {lines.map((line) => {
          const Line = line.startsWith('-') ? 'del' : line.startsWith('+') ? 'ins' : 'span'
          return <Line key={line}>{`${line}\n`}</Line>
        })}
      </pre>
      <dl className={styles.facts}>
        <dt>A run shows</dt>
        <dd>{seen}</dd>
        {promise && (
          <>
            <dt>Broken promise</dt>
            <dd>{promise}</dd>
          </>
        )}
        <dt>Named by</dt>
        <dd>{[...linted, ...rules].join('; ') || 'nobody'}</dd>
        {exercise && (
          <>
            <dt>In the workshop</dt>
            <dd>
              <code>pnpm workshop start {exercise}</code>
            </dd>
          </>
        )}
      </dl>
    </Section>
  )
}
