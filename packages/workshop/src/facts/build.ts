import { buildChecks } from '@stagecraft/engine/checks'
import { execa } from 'execa'
import type { Attempt } from '../attempt.ts'
import type { Build } from '../build.ts'
import type { Of } from '../model.ts'
import { type Fact, list, type Seen } from './fact.ts'
import { finalBase } from './text.ts'

interface Config {
  User?: string
  Env?: string[] | null
  Entrypoint?: string[] | null
  Cmd?: string[] | null
  ExposedPorts?: Record<string, unknown> | null
  Healthcheck?: { Test?: string[] } | null
  WorkingDir?: string
  Labels?: Record<string, string> | null
}

/** A build that must succeed for the fact to be there. */
export class NotBuilt extends Error {
  readonly build: Build

  constructor(build: Build) {
    super('The image cannot be built.')
    this.build = build
  }
}

/** The name of the image. @throws NotBuilt */
export async function imageOf(attempt: Attempt, of: Of = {}): Promise<string> {
  const build = await attempt.build(of)
  if (!build.ok) throw new NotBuilt(build)
  return build.image
}

async function inspect(attempt: Attempt, of: Of): Promise<{ Config: Config; RootFS: { Layers?: string[] } }> {
  const image = await imageOf(attempt, of)
  return attempt.once(`inspect ${image}`, async () => {
    const { stdout } = await execa('docker', ['image', 'inspect', image])
    return JSON.parse(stdout)[0]
  })
}

async function historyOf(attempt: Attempt, of: Of): Promise<string[]> {
  const image = await imageOf(attempt, of)
  return attempt.once(`history ${image}`, () => readHistory(image))
}

async function readHistory(image: string): Promise<string[]> {
  const { stdout } = await execa('docker', ['history', '--no-trunc', '--format={{json .CreatedBy}}', image])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as string)
}

const which = ['target', 'args', 'secrets', 'noSecrets', 'change'] as const

const configured = (what: string, pick: (config: Config) => unknown): Fact => ({
  tier: 2,
  what,
  takes: which,
  async see(attempt, of) {
    const value = pick((await inspect(attempt, of)).Config)
    return { value, figures: { value: Array.isArray(value) ? JSON.stringify(value) : String(value) } }
  },
})

/** Figures of a build that failed. */
export function figuresOf({ line, error, output, stopped, seconds }: Build, text: string): Seen {
  return {
    value: 'failed',
    cause: stopped ? `build.${stopped}` : isFrontend(error) ? 'build.frontend' : 'build',
    figures: {
      ...(line && { line, instruction: text.split('\n')[line - 1]?.trim() ?? '' }),
      ...(stopped && { seconds }),
      error,
      output: tellingLine(output) || error,
    },
  }
}

/** Whether it failed for want of the image that a `# syntax=` line names. */
function isFrontend(error: string): boolean {
  return /failed to resolve source metadata for \S*docker\/dockerfile/.test(error)
}

/** The line that says what went wrong: the last one that a step wrote; npm and pip say more after theirs. */
function tellingLine(output: string): string {
  // The first line is the step.
  const [, ...lines] = output
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each && !/^ERROR: (process|failed) /.test(each))
  const npm = lines.find((each) => /^npm error (?!code|errno|path|command|syscall)\S/.test(each))
  const pip = lines.findLast((each) => each.startsWith('ERROR: '))?.slice('ERROR: '.length)
  return npm ?? pip ?? lines.at(-1) ?? ''
}

export const buildFacts: Record<string, Fact> = {
  lint: {
    tier: 1,
    what: "The names of BuildKit's build checks that the Dockerfile breaks.",
    takes: ['target'],
    async see(attempt, { target = attempt.exercise.build?.target }) {
      attempt.say(1, 'checking')
      const dockerfile = `${attempt.folder}/${attempt.file}`
      const checks = await buildChecks(dockerfile, attempt.folder, { target })
      const value = checks.map(({ rule }) => rule)
      const line = checks[0]?.line
      return { value, figures: { value: list(value), ...(line && { line }) } }
    },
  },
  build: {
    tier: 2,
    what: 'Whether it can be built: `ok` or `failed`.',
    takes: which,
    async see(attempt, of) {
      const build = await attempt.build(of)
      return build.ok ? { value: 'ok', cause: 'built' } : figuresOf(build, await attempt.dockerfile())
    },
  },
  'build-output': {
    tier: 2,
    what: 'What the step wrote that failed, and what BuildKit says; empty if it was built.',
    takes: which,
    mistakesOnly: true,
    async see(attempt, of) {
      const build = await attempt.build(of)
      const { figures = {} } = build.ok ? {} : figuresOf(build, await attempt.dockerfile())
      return { value: build.ok ? '' : `${build.output}\n${build.error}`, figures }
    },
  },
  user: configured('The user as it is configured; empty if none is.', ({ User = '' }) => User),
  'user-is-root': configured('Whether a container starts as root.', ({ User = '' }) =>
    /^(|root|0+)(:.*)?$/.test(User),
  ),
  env: configured('The variables of the image, as `NAME=value`.', ({ Env }) => Env ?? []),
  entrypoint: configured('The entrypoint, a list.', ({ Entrypoint }) => Entrypoint ?? []),
  cmd: configured('The command, a list.', ({ Cmd }) => Cmd ?? []),
  exposes: configured('The ports that are exposed, as `8080/tcp`.', ({ ExposedPorts }) =>
    Object.keys(ExposedPorts ?? {}),
  ),
  healthcheck: configured(
    'The command of the health check, a list.',
    ({ Healthcheck }) => Healthcheck?.Test ?? [],
  ),
  workdir: configured('The working directory.', ({ WorkingDir = '' }) => WorkingDir),
  history: {
    tier: 2,
    what: 'What made each layer, as the history of the image tells it; the last one first.',
    takes: which,
    see: async (attempt, of) => ({ value: await historyOf(attempt, of) }),
  },
  layers: {
    tier: 2,
    what: 'How many filesystem layers the image has, those of its base included.',
    takes: which,
    see: async (attempt, of) => ({ value: (await inspect(attempt, of)).RootFS.Layers?.length ?? 0 }),
  },
  'layers.added': {
    tier: 2,
    what: 'How many filesystem layers the image has beyond those of its base.',
    takes: which,
    async see(attempt, of) {
      const all = (await inspect(attempt, of)).RootFS.Layers?.length ?? 0
      const base = await finalBase(attempt, of.target ?? attempt.exercise.build?.target)
      if (base === 'scratch') return { value: all }
      const { stdout } = await execa('docker', ['image', 'inspect', '--format={{len .RootFS.Layers}}', base])
      return { value: all - Number(stdout) }
    },
  },
  'found-in-cache': {
    tier: 2,
    what: 'Whether the history of a stage that the target needs, other than its own, shows `needle`.',
    takes: ['needle'],
    async see(attempt, { needle = '' }) {
      const { stages, target } = await attempt.analysis()
      const others = stages.filter(({ reached, index }) => reached && index !== target)
      for (const { name, index, line } of others) {
        const history = await historyOf(attempt, { target: name ?? String(index) })
        if (history.some((text) => text.includes(needle)))
          return { value: true, figures: { stage: name ?? String(index), line } }
      }
      return { value: false }
    },
  },
}
