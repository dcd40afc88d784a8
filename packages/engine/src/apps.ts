import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The folders of `apps/` that have a `Dockerfile`, sorted by name: that file makes a folder an app.
 * @param root absolute path of the repository
 */
export async function listApps(root: string): Promise<string[]> {
  const folder = join(root, 'apps')
  const names = await readdir(folder)
  return names.filter((name) => existsSync(join(folder, name, 'Dockerfile'))).sort()
}
