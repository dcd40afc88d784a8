import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node'

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
        tally.failures.push(`${where}\n${shorten(errors.map(({ message }) => message).join('\n'))}`)
      }
      const nameOf = ({ module, fullName }: TestCase | TestSuite) =>
        `${relative(root, module.moduleId)}: ${fullName}`
      const failHooks = (of: TestModule | TestSuite, name: string) => {
        if (of.errors().length > 0) fail(name, of.errors())
      }
      for (const module of modules) {
        failHooks(module, relative(root, module.moduleId))
        for (const suite of module.children.allSuites()) failHooks(suite, nameOf(suite))
        for (const test of module.children.allTests()) {
          const { state, errors } = test.result()
          if (state === 'failed') fail(nameOf(test), errors)
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
