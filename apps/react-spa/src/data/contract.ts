import type { ImageReport } from '@stagecraft/report/schema'
import { count } from './format.ts'

export type PromiseResult = NonNullable<ImageReport['contract']>[number]

const texts: Record<string, string> = {
  ready: 'answers its ready path within 10 s of start',
  answers: 'its declared routes give the declared status, type and body, and an unknown path gives 404',
  'non-root': 'USER is numeric and not 0, and no process in the container runs as root, children included',
  'any-user': 'runs under a random UID with GID 0, as on platforms that give each project its own',
  'read-only':
    'runs with a read-only root, all capabilities dropped, no-new-privileges, 256 MB, 128 pids and /tmp as tmpfs',
  ports: 'listens on exactly the ports that its Dockerfile EXPOSEs',
  health: 'its HEALTHCHECK in exec form turns healthy, and turns unhealthy when the app hangs',
  stops: 'on SIGTERM finishes requests in flight, closes idle keep-alive sockets and exits 0 within 5 s',
  logs: 'writes one JSON object a line to stdout and none to files',
  labels:
    'has the OCI labels title, description, source, revision, version, created, licenses, base.name, and created is a time as in RFC 3339',
  'no-secrets':
    'a canary given at build time, .git, .env, .npmrc, tests and source maps are in no layer, deleted ones included, nor in the history',
  'no-tools':
    'has no compiler, no devDependency and no package manager added; distroless: no shell, no package manager, no setuid or setgid file',
  'no-waste':
    'at most 1 % of its bytes are overwritten or deleted by a later layer, those within its base aside',
}

/** What a promise says; nothing for one that a newer release added. */
export function promiseText(id: string): string | undefined {
  return Object.hasOwn(texts, id) ? texts[id] : undefined
}

const order = ['fail', 'excused', 'pass']

export function worstFirst(results: readonly PromiseResult[]): PromiseResult[] {
  return results.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
}

/** "12 of 13 promises kept, 1 excused." */
export function summarize(results: readonly PromiseResult[]): string {
  const number = (verdict: string): number => results.filter((each) => each.verdict === verdict).length
  const others = [
    [number('excused'), 'excused'],
    [number('fail'), 'broken'],
  ] as const
  const rest = others.filter(([many]) => many > 0).map(([many, word]) => `, ${count(many)} ${word}`)
  return `${count(number('pass'))} of ${count(results.length)} promises kept${rest.join('')}.`
}
