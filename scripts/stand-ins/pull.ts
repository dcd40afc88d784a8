import { attempt, type RunResult, SetupError, say } from '../process.ts'
import { makeSlots } from './slots.ts'

/** Why an engine cannot pull an image: the registry wants a pause, has no such image, or is out of reach. */
export type Refusal = 'rate limit' | 'absent' | 'unreachable'

/** The registry that an image's name leads to. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io'
}

/** Reads what `docker pull` says when it fails. */
export function readRefusal(output: string): Refusal {
  if (/toomanyrequests|too many requests|pull rate limit/i.test(output)) return 'rate limit'
  const absent =
    /not found(?!.*lookup)|manifest unknown|name unknown|access denied|authorization failed|unauthorized|authentication required/i
  return absent.test(output) && !/no such host|dial tcp/i.test(output) ? 'absent' : 'unreachable'
}

export type PullOptions = {
  /** How long a registry may say nothing before it counts as out of reach; 30,000. */
  silenceMs?: number
  /** How many images are pulled at a time; 4. */
  atATime?: number
}

/**
 * Makes a function that pulls an image, and says whether it is there. A registry that is out of reach or has had enough is
 * asked once: those that wait for its first word go without.
 * @returns one that throws a SetupError when the registry has a rate limit: a stand-in is then for a person to choose
 */
export function makePuller({
  silenceMs = 30_000,
  atATime = 4,
}: PullOptions = {}): (image: string, rank: number) => Promise<boolean> {
  const slots = makeSlots(atATime)
  /** By registry: settled when it has said something, or has not. */
  const greetings = new Map<string, Promise<void>>()
  const refusals = new Map<string, Refusal>()

  const ask = async (image: string, heard?: () => void): Promise<boolean> => {
    const registry = registryOf(image)
    if (refusals.has(registry)) return false
    const result = await attempt('docker', ['pull', image], {
      silenceMs,
      // Piped, it says a word for each layer that is through, and nothing in between.
      silenceLaterMs: 600_000,
      log: `pull-${image.replaceAll(/[^a-z0-9]+/g, '-')}`,
      ...(heard && { onFirstOutput: heard }),
    })
    if (result.code === 0) {
      say('bases', `pulled ${image}`)
      return true
    }
    const refusal = readRefusal(result.output)
    if (refusal === 'absent') say('bases', `${registry} does not give ${image} (${lastWords(result)})`)
    else if (!refusals.has(registry)) {
      refusals.set(registry, refusal)
      if (refusal === 'unreachable') say('bases', `${registry} is out of reach (${lastWords(result)})`)
    }
    return false
  }

  return async (image, rank) => {
    const registry = registryOf(image)
    let greeting = greetings.get(registry)
    let pulled: Promise<boolean>
    if (greeting) {
      await greeting
      pulled = slots(rank, () => ask(image))
    } else {
      const { promise, resolve } = Promise.withResolvers<void>()
      greeting = promise
      greetings.set(registry, greeting)
      pulled = slots(rank, () => ask(image, resolve)).finally(resolve)
    }
    if (await pulled) return true
    if (refusals.get(registry) !== 'rate limit') return false
    throw new SetupError(
      `${registry} has a rate limit, and gives no more images for now: ${image} is missing.`,
      'Log in (docker login), or wait and run this again, or build stand-ins: npm run setup -- --stand-ins',
    )
  }
}

/** The cause, which an engine says last: what it tried comes before it. */
function lastWords({ output }: RunResult): string {
  const last = output.trim().split('\n').at(-1) ?? ''
  return last.split(': ').slice(-2).join(': ') || 'it says nothing'
}
