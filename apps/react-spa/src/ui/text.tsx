import { type ReactNode, useEffect, useId } from 'react'
import ui from './ui.module.css'

/** The page's only h1 and the document's title; `lead` is the sentence under it, `children` stand at its end. */
export function PageHeader(props: { title: string; lead?: ReactNode; children?: ReactNode }) {
  const { title, lead, children } = props
  useEffect(() => {
    document.title = `${title} · Stagecraft`
  }, [title])
  return (
    <div className={ui.header}>
      <div className={ui.words}>
        <h1>{title}</h1>
        {lead && <p className={ui.lead}>{lead}</p>}
      </div>
      {children && <div className={ui.aside}>{children}</div>}
    </div>
  )
}

/** A part of a page under an h2; `aside` stands beside the heading, `flush` is for a grid that keeps the distance. */
export function Section({
  title,
  aside,
  flush = false,
  children,
}: {
  title: string
  aside?: ReactNode
  flush?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <section className={flush ? undefined : ui.section} aria-labelledby={id}>
      <div className={ui.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

/** Text of any length: on one line as far as it goes, the whole of it when opened, with `children` under it. */
export function LongText({ text, children }: { text: string; children: ReactNode }) {
  return (
    <details className={ui.details}>
      <summary>
        <span className={ui.text}>{text}</span>
      </summary>
      <div className={ui.under}>{children}</div>
    </details>
  )
}

/** A sentence in which what stands between backticks is code. */
export function TextWithCode({ text }: { text: string }) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}

/** Text for those who hear the page. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className={ui.hidden}>{children}</span>
}

/** Stands where something will be; `height` is a CSS length. */
export function Skeleton({ height }: { height: string }) {
  return <span className={ui.skeleton} style={{ blockSize: height }} aria-hidden="true" />
}

/** A page that is being loaded. */
export function PageSkeleton() {
  return (
    <div className={ui.page}>
      <p role="status">
        <VisuallyHidden>Loading</VisuallyHidden>
      </p>
      <Skeleton height="3rem" />
      <Skeleton height="24rem" />
    </div>
  )
}
