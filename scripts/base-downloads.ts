import { copyFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { downloadPackages } from './apt.ts'
import { again, makeWorkFolder } from './base-work.ts'
import type { Download } from './bases.ts'
import { run } from './process.ts'

/** What a build is given of a download: a build context by its name and folder, and build arguments. */
export type Fetched = { contexts: Record<string, string>; args: Record<string, string> }

/** @throws SetupError when the registry or the mirror is out of reach */
export async function fetchDownload(download: Download): Promise<Fetched> {
  const { context } = download
  const folder = await makeWorkFolder(context)
  if ('npm' in download) {
    await installFromNpm(download.npm, folder)
    return { contexts: { [context]: join(folder, 'node_modules') }, args: {} }
  }
  const { suite, packages, sources = [], versionArg } = download
  const files = await downloadPackages(suite, packages, folder, `base-${context}`, sources)
  const first = files.find((file) => basename(file).startsWith(`${packages[0]}_`)) as string
  const version = await run('dpkg-deb', ['--field', first, 'Version'], again)
  // [epoch:]upstream[+dfsg][-revision]
  const upstream = version
    .trim()
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/\+dfsg.*$/, '')
  return { contexts: { [context]: folder }, args: { [versionArg]: upstream } }
}

async function installFromNpm(versions: Record<string, string>, folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  const flags = ['--ignore-scripts', '--no-bin-links', '--no-audit', '--no-fund', '--silent']
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  await run('npm', ['install', ...flags, ...wanted], again, { cwd: folder, log: 'base-tools' })
}

/** The certificate authorities that this host trusts, as `ca.crt` in the build context `ca`. */
export async function copyAuthorities(): Promise<Fetched> {
  const folder = await makeWorkFolder('ca')
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = process.env
  const authorities = NODE_EXTRA_CA_CERTS ?? SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt'
  await copyFile(authorities, join(folder, 'ca.crt'))
  return { contexts: { ca: folder }, args: {} }
}
