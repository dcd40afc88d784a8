import type { PromiseResult } from '../../data/contract.ts'
import styles from './verdict.module.css'

const signs: Record<PromiseResult['verdict'], { word: string; path: string }> = {
  pass: { word: 'Pass', path: 'm2 6.5 3 3 5-7' },
  excused: { word: 'Excused', path: 'M2 6h8' },
  fail: { word: 'Fail', path: 'm2.5 2.5 7 7m0-7-7 7' },
}

/** A word and a sign of its own, so that colour is not needed. */
export function Verdict({ verdict }: { verdict: PromiseResult['verdict'] }) {
  const { word, path } = signs[verdict]
  return (
    <span className={styles[verdict]}>
      <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" aria-hidden="true">
        <path d={path} strokeWidth="1.75" />
      </svg>
      {word}
    </span>
  )
}
