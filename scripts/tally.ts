import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, SerializedError } from 'vitest/node'

/** How many tests ended how, and each that failed with how it says so: in a long log, nobody finds them again. */
export type Tally = { passed: number; failed: number; skipped: number; failures: string[] }

/**
 * Vitest's reporter that writes a Tally. Vitest's JSON has no word of a hook that failed: its tests are skipped there.
 * @param root what the names of files are relative to
 */
export function tallyReporter(root: string, file: string): Reporter {
  return {
    onTestRunEnd(modules, unhandled) {
      const tally: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] }
      const fail = (where: string, errors: readonly SerializedError[] = []) => {
        tally.failed++
        const messages = errors.map(({ name, message }) => `${name}: ${message}`)
        tally.failures.push(`${where}\n${shorten(messages.join('\n'))}`)
      }
      for (const module of modules) {
        const path = relative(root, module.moduleId)
        if (module.errors().length > 0) fail(path, module.errors())
        for (const suite of module.children.allSuites())
          if (suite.errors().length > 0) fail(`${path}: ${suite.fullName}`, suite.errors())
        for (const test of module.children.allTests()) {
          const { state, errors } = test.result()
          if (state === 'failed') fail(`${path}: ${test.fullName}`, errors)
          else tally[state === 'passed' ? 'passed' : 'skipped']++
        }
      }
      if (unhandled.length > 0) fail('outside of tests', unhandled)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(tally))
    },
  }
}

const shorten = (text: string) =>
  stripVTControlCharacters(text)
    .split('\n')
    .slice(0, 20)
    .map((line) => `  ${line.slice(0, 200)}`.trimEnd())
    .join('\n')
