import { createVolume, NotReady, type Settings } from '@stagecraft/engine'
import type { Subject } from './model.ts'
import { routeProblems } from './routes.ts'
import { bootSubject } from './subject.ts'

/**
 * Starts images of one app one after the other with the same volumes, and the first of them again, as when a service
 * moves from one to another and back: each has to read what those before wrote, and to write.
 * @returns what was answered other than declared, or what kept one from starting
 */
export async function sharedVolumeProblems(subjects: readonly Subject[]): Promise<string[]> {
  const [first] = subjects
  if (!first) return []
  await using volumes = new AsyncDisposableStack()
  const binds: string[] = []
  for (const path of first.config.writable ?? [])
    binds.push(`${volumes.use(await createVolume()).name}:${path}`)
  const problems: string[] = []
  for (const [index, subject] of [...subjects, first].entries()) {
    const found = await ask(subject, { volumes: [], host: { Binds: binds } }, index > 0)
    problems.push(...found.map((problem) => `${subject.image}: ${problem}`))
  }
  return problems
}

async function ask(subject: Subject, settings: Settings, written: boolean): Promise<string[]> {
  const { config } = subject
  try {
    await using container = await bootSubject(subject, settings)
    const reads = { ...config, routes: config.routes.filter(({ method = 'GET' }) => method === 'GET') }
    return [
      ...(written ? await routeProblems(container.url, { ...subject, config: reads }) : []),
      ...(await routeProblems(container.url, subject)),
    ]
  } catch (error) {
    if (!(error instanceof NotReady)) throw error
    return [`${error.message}\n${error.evidence}`]
  }
}
