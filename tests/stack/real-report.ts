import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '@stagecraft/report'
import { execa } from 'execa'
import { root } from './compose.ts'

/** What `pnpm compare --contract` says of the images that these bake targets build, each started once. */
export async function compareImages(targets: string[]): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'report-'))
  const file = join(folder, 'report.json')
  await execa(
    'node',
    ['packages/compare/src/cli.ts', ...targets, '--contract', '--runs=1', `--output=${file}`],
    {
      cwd: root,
    },
  )
  const report = JSON.parse(await readFile(file, 'utf8'))
  await rm(folder, { recursive: true })
  return report
}

/** Posts a report as `npm start` does, through the page's own server. */
export async function postReport(url: string, report: Report): Promise<void> {
  const response = await fetch(`${url}/api/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  })
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
}
