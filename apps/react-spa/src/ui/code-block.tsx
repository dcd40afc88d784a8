import styles from './code-block.module.css'
import { CopyButton } from './copy-button.tsx'

/** Text to copy, lines as they are. `what` ends the name of its copy button: "Copy the Dockerfile". */
export function CodeBlock({ code, what }: { code: string; what: string }) {
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.scroll} tabIndex={0}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} what={what} />
    </div>
  )
}

/** A command line with its copy button. */
export function Command({ children }: { children: string }) {
  return <CodeBlock code={children} what={`the command ${children}`} />
}
