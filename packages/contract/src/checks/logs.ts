import { readLog } from '@stagecraft/engine'
import { inSharedContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { routeProblems } from '../routes.ts'

export const logs: Check = {
  id: 'logs',
  promise: 'writes one JSON object a line to stdout and none to files',
  check: (subject) =>
    inSharedContainer(logs, subject, async ({ url, handle }) => {
      await routeProblems(url, subject)
      const { stdout } = await readLog(handle)
      const lines = stdout.split('\n').filter((line) => line !== '')
      const wrong = lines.find((line) => !isJsonObject(line))
      if (wrong !== undefined)
        throw new BrokenPromise(
          logs,
          `a line on stdout is no JSON object: ${wrong.slice(0, 200)}`,
          "the app's logger, and what else runs in the container and prints, such as a package manager",
        )
      if (lines.length === 0)
        throw new BrokenPromise(logs, 'after some requests there is nothing on stdout', "the app's logger")

      const { Mounts } = await handle.inspect()
      const mounts = ['/tmp', ...Mounts.map(({ Destination }) => Destination)]
      // No changes are `null` in the engine's answer, of which dockerode makes a Buffer.
      const changes: unknown = await handle.changes()
      const paths = Array.isArray(changes) ? changes.map(({ Path }) => String(Path)) : []
      const written = leaves(paths).filter(
        (path) => !mounts.some((mount) => path === mount || path.startsWith(`${mount}/`)),
      )
      if (written.length > 0)
        throw new BrokenPromise(
          logs,
          `it changed ${written.slice(0, 10).join(', ')} outside its volumes and /tmp`,
          'what the app, its package manager or its runtime write at start',
        )
    }),
}

/** The engine lists a changed file's directories too. */
function leaves(paths: string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`)))
}

function isJsonObject(line: string): boolean {
  try {
    const value = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
