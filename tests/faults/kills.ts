import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { boot, createVolume } from '@stagecraft/engine'
import { sampleReport } from '@stagecraft/report/test/sample'
import { execa } from 'execa'

export const api = { image: 'stagecraft/express-api:prod', port: 8080, ready: '/readyz' }
const clients = 8

/** Starts express-api with a volume. @param mode as `ro` */
export const bootApi = (volume: string, mode = 'rw') =>
  boot(api, { host: { Binds: [`${volume}:/data:${mode}`] } })

/** Runs a program with the API's Node.js, files and user, and its volume. @returns what it writes */
export async function inApi(volume: string, program: string): Promise<string> {
  const flags = ['--rm', `--volume=${volume}:/data`, '--entrypoint=node', api.image]
  return (await execa('docker', ['run', ...flags, '--input-type=module', '--eval', program])).stdout
}

export interface Kills {
  kills: number
  acknowledged: number
  /** Acknowledged, but not there after the next start. */
  lost: number
  /** What SQLite says of the database in the end: `ok`. */
  integrity: string
}

/** Kills the API again and again with SIGKILL while reports are written, and looks for each that it has acknowledged. */
export async function killInWrites(kills: number): Promise<Kills> {
  await using volume = await createVolume()
  const acknowledged = new Map<number, string>()
  let lost = 0
  let total = 0
  let number = 0
  for (let kill = 0; kill <= kills; kill++) {
    await using container = await bootApi(volume.name)
    for (const [id, revision] of acknowledged) {
      const kept = await fetch(`${container.url}/api/reports/${id}`)
      const document = kept.ok ? ((await kept.json()) as { revision: string }) : undefined
      if (document?.revision !== revision) lost++
    }
    if (kill === kills) break
    acknowledged.clear()
    let writing = true
    const write = async () => {
      while (writing) {
        const revision = (++number).toString(16).padStart(8, '0')
        const body = JSON.stringify(sampleReport({ revision }))
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(`${container.url}/api/reports`, { method: 'POST', headers, body }).catch(
          () => undefined,
        )
        // An answer that breaks off acknowledges nothing.
        const summary = answer?.status === 201 ? await answer.json().catch(() => undefined) : undefined
        if (summary) acknowledged.set((summary as { id: number }).id, revision)
      }
    }
    const writers = Array.from({ length: clients }, write)
    await sleep(randomInt(100, 600))
    await container.handle.kill({ signal: 'SIGKILL' })
    writing = false
    await Promise.all(writers)
    total += acknowledged.size
  }
  const check = `import { DatabaseSync } from 'node:sqlite'
      console.log(new DatabaseSync('/data/reports.db').prepare('PRAGMA integrity_check').get().integrity_check)`
  return { kills, acknowledged: total, lost, integrity: await inApi(volume.name, check) }
}
