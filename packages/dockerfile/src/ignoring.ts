import { newBudget } from './budget.ts'
import { isIgnored, readIgnore } from './ignore.ts'

/**
 * Tells which paths of a build context a `.dockerignore` leaves out.
 * @returns for a path, relative and with `/` between folders, whether it is left out
 * @throws DockerfileError `too-complex`, of the path that it is asked about too
 */
export function ignoring(dockerignore: string): (path: string) => boolean {
  const rules = readIgnore(dockerignore, newBudget())
  return (path) => isIgnored(rules, path, newBudget())
}
