import { readFile } from 'node:fs/promises'
import { type Report, reportProblems } from '@stagecraft/report'
import { CompareError } from './errors.ts'

/** Reads a report that `--output` wrote. @throws CompareError when there is none, or it breaks the schema */
export async function readReport(path: string): Promise<Report> {
  const next = 'Name a report that `pnpm compare --output report.json` wrote.'
  let report: Report
  try {
    report = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new CompareError('BAD_REPORT', `${path} cannot be read: ${(error as Error).message}`, next)
  }
  const [problem] = reportProblems(report)
  if (problem)
    throw new CompareError('BAD_REPORT', `${path} is no report: ${problem.path} ${problem.message}`, next)
  return report
}
