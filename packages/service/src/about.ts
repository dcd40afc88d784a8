import { readFileSync } from 'node:fs'

/** What `GET /` answers. */
export type About = { name: string; version: string; variant: string; node: string }

/** @param manifest the URL of the app's package.json, which says the version */
export function readAbout(name: string, variant: string, manifest: URL): About {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  return { name, version, variant, node: process.version }
}
