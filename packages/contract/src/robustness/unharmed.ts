import type { RunningContainer } from '@stagecraft/engine'
import { problemOfGet } from './connection.ts'

/**
 * Lets `ask` do its worst.
 * @returns what it found, and what has become of the container: whether a process ended or was killed for want of memory,
 *   and whether the ready path is answered
 */
export async function unharmed(
  { handle, url }: RunningContainer,
  ready: string,
  ask: () => Promise<string[]>,
): Promise<string[]> {
  const before = await listProcesses(handle)
  const problems = await ask()
  const after = await listProcesses(handle)
  const ended = before.filter((pid) => !after.includes(pid)).length
  if (ended > 0) problems.push(`${ended} of its ${before.length} processes ended`)
  const { State } = await handle.inspect()
  if (State.OOMKilled) problems.push('it ran out of memory')
  const problem = await problemOfGet(url, ready)
  if (problem) problems.push(`afterwards ${problem}`)
  return problems
}

/**
 * Process IDs of a container's first process and of all that descend from it, none if it has ended. Health checks are
 * not among them: the engine starts those beside it.
 */
async function listProcesses(container: RunningContainer['handle']): Promise<string[]> {
  const { State } = await container.inspect()
  const listed = await container.top({ ps_args: '-eo pid,ppid,args' }).catch((error) => {
    if (error.statusCode === 409) return undefined
    throw error
  })
  const processes: string[][] = listed?.Processes ?? []
  const found = processes.flatMap(([pid]) => (pid === String(State.Pid) ? [pid] : []))
  for (const parent of found)
    found.push(...processes.flatMap(([pid = '', ppid]) => (ppid === parent ? [pid] : [])))
  return found
}
