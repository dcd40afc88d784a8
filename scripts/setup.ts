import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureEngine } from './engine.ts'
import { main, readArguments, root, run, say } from './process.ts'
import { otherNodes } from './stand-ins/bases.ts'
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

const usage = `Usage: npm run setup [-- options]

Sees to the packages, a Docker Engine and the base images.

Options:
  --stand-ins   build base images that are missing, and ask no registry
  --all-node    see to the base images of every line of Node, too

Exit codes: 0 all is there; 1 something cannot be had; 2 wrong usage; 130
interrupted, what is done is kept.`

async function setUp(standIns: boolean, allNode: boolean): Promise<void> {
  const also = allNode ? otherNodes : []
  const bases = ensureEngine().then(() => ensureBases([], { standIns, also }).done)
  await Promise.all([installPackages(), bases])
}

if (import.meta.main) {
  const options = { 'stand-ins': { type: 'boolean' }, 'all-node': { type: 'boolean' } } as const
  const asked = readArguments(options, usage, 'npm run setup')
  if (asked) await main(() => setUp(asked.values['stand-ins'] ?? false, asked.values['all-node'] ?? false))
}
