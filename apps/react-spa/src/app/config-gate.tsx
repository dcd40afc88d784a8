import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { loadConfig } from '../config.ts'
import { ConfigContext } from '../data/config-context.ts'
import { ProblemPanel } from '../ui/problem-panel.tsx'
import styles from './config-gate.module.css'

/** Shows its children once `/config.json` has said where the APIs are. */
export function ConfigGate({ children }: { children: ReactNode }) {
  const { data, failureReason } = useQuery({ queryKey: ['config'], queryFn: loadConfig })
  if (data) return <ConfigContext value={data}>{children}</ConfigContext>
  if (!failureReason) return null
  return (
    <main className={styles.alone}>
      <ProblemPanel headingLevel={1} title="The page cannot find its APIs">
        <p>{failureReason.message} The web server makes this file from its environment when it starts.</p>
        <p>This page keeps trying.</p>
      </ProblemPanel>
    </main>
  )
}
