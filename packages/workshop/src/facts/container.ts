import { stripVTControlCharacters } from 'node:util'
import type { Attempt } from '../attempt.ts'
import {
  type Contained,
  contain,
  exitCodeOf,
  processesOf,
  type Silence,
  stopContainer,
} from '../container.ts'
import type { Of } from '../model.ts'
import { imageOf } from './build.ts'
import { type Fact, list, type Seen } from './fact.ts'
import { finalBase } from './text.ts'

/** A container of the learner's image; `toEnd` for one that is no server, and `own` for a fact that ends it. */
async function started(attempt: Attempt, of: Of, { toEnd = false, own = '' } = {}): Promise<Contained> {
  const { target, args, change, run, user, entry } = of
  const build = { ...(target && { target }), ...(args && { args }), ...(change && { change }) } as Of
  const image = await imageOf(attempt, build)
  const serves = toEnd ? undefined : attempt.exercise.run
  return attempt.contain(JSON.stringify([image, run, user, entry, serves ? '' : 'to end', own]), () =>
    contain({ image, run: serves, args: run, user, entry, signal: attempt.signal }),
  )
}

/**
 * The last lines that a container wrote. Of a program that could not be started, what the engine says; of Node, the error,
 * which it says before the trace and its own version.
 */
function lastLines(output: string): string {
  const refused = /unable to start container process: (.*)/.exec(output)?.[1]
  if (refused) return refused
  const lines = stripVTControlCharacters(output).trimEnd().split('\n')
  const error = /^Node\.js v/.test(lines.at(-1) ?? '')
    ? lines.findLast((each) => /^\w*Error\b/.test(each))
    : undefined
  return (error ?? lines.slice(-3).join(' / ')).slice(-400)
}

async function silent(attempt: Attempt, container: Contained, silence: Silence): Promise<Seen> {
  const output = lastLines(await container.output())
  const { port = 0 } = attempt.exercise.run ?? {}
  const code = silence.why === 'exited' ? silence.code : 0
  const other = 'port' in silence ? silence.port : port
  const figures = { port, code, otherPort: other, output: output || '–' }
  return { value: 0, cause: `silent.${silence.why}`, figures }
}

const which = ['target', 'args', 'change', 'run', 'user', 'entry'] as const

async function seeAnswer(attempt: Attempt, of: Of, pick: 'status' | 'body'): Promise<Seen> {
  const container = await started(attempt, of)
  if (container.silence) {
    const seen = await silent(attempt, container, container.silence)
    return pick === 'body' ? { ...seen, value: '' } : seen
  }
  const { route = '/' } = of
  const { status, body } = await container.ask(route)
  const figures = {
    route,
    code: status,
    body: body.slice(0, 200).trim(),
    port: attempt.exercise.run?.port ?? 0,
  }
  return { value: pick === 'status' ? status : body, figures }
}

export const containerFacts: Record<string, Fact> = {
  answers: {
    tier: 4,
    what: 'The status of a GET of `route`; 0 if nothing answers.',
    takes: [...which, 'route'],
    see: (attempt, of) => seeAnswer(attempt, of, 'status'),
  },
  body: {
    tier: 4,
    what: 'The body of the answer to a GET of `route`; empty if nothing answers.',
    takes: [...which, 'route'],
    see: (attempt, of) => seeAnswer(attempt, of, 'body'),
  },
  output: {
    tier: 4,
    what: 'What a container writes, until it answers or ends; with `run`, or if it is no server, until it ends, ten seconds at most. Also why it could not be started.',
    takes: which,
    async see(attempt, of) {
      const container = await started(attempt, of, { toEnd: of.run !== undefined })
      const value = await container.output()
      return { value, figures: { output: lastLines(value) || '–', value: lastLines(value) || '–' } }
    },
  },
  'exit-code': {
    tier: 4,
    what: 'The exit code of a container; 137 if it was killed after ten seconds, -1 if it could not be started.',
    takes: which,
    async see(attempt, of) {
      const container = await started(attempt, of, { toEnd: true })
      const value = container.silence?.why === 'not-started' ? -1 : await exitCodeOf(container.id)
      return { value, figures: { code: value, output: lastLines(await container.output()) || '–' } }
    },
  },
  'process-users': {
    tier: 4,
    what: "The numbers of the users that the container's processes run as, each once.",
    takes: which,
    async see(attempt, of) {
      const container = await started(attempt, of)
      if (container.silence) return { ...(await silent(attempt, container, container.silence)), value: [] }
      const value = [...new Set((await processesOf(container.id)).map(({ uid }) => uid))]
      return { value, figures: { value: list(value) } }
    },
  },
  processes: {
    tier: 4,
    what: 'The command lines of the processes of the container, that of process 1 first.',
    takes: which,
    async see(attempt, of) {
      const container = await started(attempt, of)
      if (container.silence) return { ...(await silent(attempt, container, container.silence)), value: [] }
      const value = (await processesOf(container.id)).map(({ command }) => command)
      return { value, figures: { value: list(value), process: value[0] ?? '' } }
    },
  },
  stops: {
    tier: 4,
    what: 'How a container ends on SIGTERM: `by itself` with code 0 or 143, `with an error`, or `killed` after five seconds; `not running` if it did not come up.',
    takes: which,
    async see(attempt, of) {
      const container = await started(attempt, of, { own: 'stops' })
      if (container.silence)
        return { ...(await silent(attempt, container, container.silence)), value: 'not running' }
      const [first] = await processesOf(container.id)
      const { killed, code } = await stopContainer(container.id)
      // 143 is what a shell gives for SIGTERM.
      const byItself = code === 0 || code === 143 ? 'by itself' : 'with an error'
      return { value: killed ? 'killed' : byItself, figures: { code, process: first?.command ?? '' } }
    },
  },
  contract: {
    tier: 4,
    what: "Whether the image keeps the promise `kind` of the repository's contract: `kept` or `broken`.",
    takes: ['kind'],
    async see(attempt, { kind = '' }) {
      const container = await started(attempt, {})
      if (container.silence)
        return { ...(await silent(attempt, container, container.silence)), value: 'broken' }
      const { checkImage, openSubject } = await import('@stagecraft/contract')
      const { port, ready } = attempt.exercise.run ?? { port: 8080, ready: '/' }
      await using subject = openSubject({
        app: attempt.exercise.slug,
        variant: 'prod',
        image: await imageOf(attempt),
        base: await finalBase(attempt),
        config: { port, ready, routes: [{ path: ready, status: 200 }] },
        appDir: attempt.folder,
      })
      const { value } = await checkImage(subject, [kind]).next()
      const [said = ''] = value?.detail.split('\n') ?? []
      return {
        value: value?.verdict === 'fail' ? 'broken' : 'kept',
        figures: { promise: kind, output: said },
      }
    },
  },
}
