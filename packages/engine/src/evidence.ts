import type Dockerode from 'dockerode'
import { readLog } from './log.ts'

/** What a container can say for itself: its state, the last 50 lines of its log, its health log. */
export async function evidence(container: Dockerode.Container): Promise<string> {
  const [{ both }, { State }] = await Promise.all([readLog(container, 50), container.inspect()])
  const state = State.Running ? 'running' : `exited with code ${State.ExitCode}`
  const probes = State.Health?.Log ?? []
  return [
    `Container: ${state}${State.OOMKilled ? ', out of memory' : ''}`,
    ...section('Last lines of its log:', both),
    ...section(
      'Health log:',
      probes.map(({ ExitCode, Output }) => `exit ${ExitCode} ${Output}`.trim()).join('\n'),
    ),
  ].join('\n')
}

function section(title: string, text: string): string[] {
  const body = text.trimEnd()
  return body === '' ? [] : [title, ...body.split('\n').map((line) => `  ${line}`)]
}
