import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureEngine } from './engine.ts'
import { main, root, run, say } from './process.ts'
import { ensureBases } from './stand-ins/ensure.ts'

/** Installs what the lockfile says. Says nothing where that is there already. */
export async function installPackages(): Promise<void> {
  // pnpm keeps a copy of the lockfile it installed, written last: equal means there is nothing to do.
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8').catch(() => '')
  const [wanted, installed] = await Promise.all([
    read('pnpm-lock.yaml'),
    read('node_modules/.pnpm/lock.yaml'),
  ])
  if (wanted !== installed) say('packages', 'installing from pnpm-lock.yaml')
  const next = 'Check the network, then run this again.'
  await run('pnpm', ['install', '--frozen-lockfile'], next, { log: 'install' })
}

if (import.meta.main) {
  await main(async () => {
    const { values } = parseArgs({ options: { 'stand-ins': { type: 'boolean', default: false } } })
    const bases = ensureEngine().then(() => ensureBases([], { standIns: values['stand-ins'] }).done)
    await Promise.all([installPackages(), bases])
  })
}
