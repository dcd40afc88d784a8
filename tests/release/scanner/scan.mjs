// https://github.com/moby/buildkit/blob/master/docs/attestations/sbom-protocol.md
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const { BUILDKIT_SCAN_SOURCE: source = '', BUILDKIT_SCAN_DESTINATION: destination = '' } = process.env

const packages = globSync('app/node_modules/{*,@*/*}/package.json', { cwd: source }).map((path) => {
  const { name, version } = JSON.parse(readFileSync(join(source, path), 'utf8'))
  return { SPDXID: `SPDXRef-${name.replaceAll(/[^\w.-]/g, '-')}`, name, versionInfo: version }
})

const statement = {
  _type: 'https://in-toto.io/Statement/v0.1',
  predicateType: 'https://spdx.dev/Document',
  predicate: { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: basename(source), packages },
}
writeFileSync(join(destination, 'packages.spdx.json'), JSON.stringify(statement))
