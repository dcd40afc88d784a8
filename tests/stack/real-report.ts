import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '@stagecraft/report'
import type { Summary } from '@stagecraft/report/api'
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
export function postReport(url: string, report: Report): Promise<Summary> {
  return send('POST', `${url}/api/reports`, report)
}

/** Puts a report in place of a running one, likewise. */
export function putReport(url: string, id: number, report: Report): Promise<Summary> {
  return send('PUT', `${url}/api/reports/${id}`, report)
}

async function send(method: string, url: string, report: Report): Promise<Summary> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as Summary
}
