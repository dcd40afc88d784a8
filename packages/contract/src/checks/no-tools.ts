import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { products } from '@stagecraft/engine'
import { contents } from '@stagecraft/image'
import { splitLayers } from '../base.ts'
import { BrokenPromise, type Check } from '../model.ts'

export const noTools: Check = {
  id: 'no-tools',
  promise:
    'has no compiler, no devDependency and no package manager added; distroless and scratch: no shell, no package manager, no setuid or setgid file',
  appliesTo: products,
  async check(subject) {
    const { base, own } = await splitLayers(noTools, subject)
    const all = contents(await subject.archive())
    const inherited = new Set(contents({ layers: base }).packageManagers)
    const development = await devDependencies(subject.appDir)
    const bare = subject.variant === 'distroless' || subject.variant === 'scratch'

    const found = [
      ...named('a compiler', all.compilers),
      ...named(
        'a devDependency',
        contents({ layers: own }).npmPackages.flatMap(({ name }) => (development.has(name) ? [name] : [])),
      ),
      ...named(
        'a package manager',
        all.packageManagers.filter((path) => bare || !inherited.has(path)),
      ),
      ...(bare
        ? [...named('a shell', all.shells), ...named('a setuid or setgid file', all.setuidFiles)]
        : []),
    ]
    if (found.length > 0)
      throw new BrokenPromise(
        noTools,
        `there is ${found.join('; ')}`,
        "the last stage: COPY --from a stage with production dependencies alone, onto a base without what isn't needed",
      )
  },
}

function named(what: string, names: string[]): string[] {
  return names.length > 0 ? [`${what}: ${names.join(', ')}`] : []
}

/** The names in an app's `devDependencies` alone; none for an app that is not npm's. */
async function devDependencies(appDir: string): Promise<Set<string>> {
  const text = await readFile(join(appDir, 'package.json'), 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text)
  return new Set(Object.keys(devDependencies).filter((name) => !(name in dependencies)))
}
