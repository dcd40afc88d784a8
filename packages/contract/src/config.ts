import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { variants } from './check.ts'
import { contract } from './contract.ts'

const closed = { additionalProperties: false }
const Path = Type.String({ pattern: '^/' })
const Status = Type.Integer({ minimum: 100, maximum: 599 })
const Headers = Type.Record(Type.String(), Type.String())

const Route = Type.Object(
  {
    method: Type.Optional(Type.String({ pattern: '^[A-Z]+$', description: 'GET if left out' })),
    path: Path,
    headers: Type.Optional(Headers),
    body: Type.Optional(Type.Unknown({ description: 'a string is sent as it is, anything else as JSON' })),
    status: Status,
    type: Type.Optional(Type.String({ description: 'media type of the answer, without parameters' })),
    json: Type.Optional(
      Type.Unknown({
        description: 'the answer holds at least this; {variant} in a string stands for the variant',
      }),
    ),
  },
  closed,
)
export type Route = Static<typeof Route>

const ImageConfig = Type.Object(
  {
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'where the routes are, in the container' }),
    ready: Type.String({ pattern: '^/', description: 'path that answers 200 once the app can work' }),
    routes: Type.Array(Route, { minItems: 1, description: 'asked in this order, a write among them' }),
    inFlight: Type.Optional(
      Type.Object(
        {
          method: Type.String({ pattern: '^(POST|PUT|PATCH)$' }),
          path: Path,
          headers: Type.Optional(Headers),
          body: Type.Unknown(),
          status: Status,
        },
        {
          ...closed,
          description:
            'a request to have in flight while the app stops; left out by one that takes no bodies',
        },
      ),
    ),
    writable: Type.Optional(Type.Array(Path, { description: 'directories that the app keeps on volumes' })),
    excused: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), {
        description: 'variant to check to the reason why it need not keep that promise',
      }),
    ),
  },
  closed,
)
/** What an app's `image.config.ts` says about its images. */
export type ImageConfig = Static<typeof ImageConfig>

const validator = Compile(ImageConfig)

/**
 * Reads `image.config.ts`, an app's default-exported plain data.
 * @param appDir absolute path of the app's folder
 * @throws Error when there is none, or when it is wrong, naming every place that is
 */
export async function loadImageConfig(appDir: string): Promise<ImageConfig> {
  const file = join(appDir, 'image.config.ts')
  const name = `apps/${basename(appDir)}/image.config.ts`
  if (!existsSync(file))
    throw new Error(
      `There is no ${name}. Write one: packages/contract/src/config.ts says what belongs in it.`,
    )
  const module = await import(pathToFileURL(file).href)
  const problems = configProblems(module.default)
  if (problems.length > 0) throw new Error([`${name} is wrong:`, ...problems].join('\n  '))
  return module.default
}

/** Where `value` is not an {@link ImageConfig}; an empty array when it is one. */
export function configProblems(value: unknown): string[] {
  if (!validator.Check(value))
    return (
      validator
        .Errors(value)
        // Each unknown property has an error of its own besides.
        .filter(({ keyword }) => keyword !== 'additionalProperties')
        .map(({ keyword, instancePath, message }) =>
          keyword === 'boolean' ? `${instancePath} is not known` : `${instancePath || '/'} ${message}`,
        )
    )
  return Object.entries(value.excused ?? {}).flatMap(([variant, excuses]) =>
    Object.entries(excuses).flatMap(([id, reason]) => {
      const problem = excuseProblem(variant, id, reason)
      return problem ? [`/excused/${variant}/${id} ${problem}`] : []
    }),
  )
}

function excuseProblem(variant: string, id: string, reason: string): string | undefined {
  const known = variants.find((each) => each === variant)
  if (!known) return `names no variant: there are ${variants.join(', ')}`
  const check = contract.find((each) => each.id === id)
  if (!check) return `names no check: there are ${contract.map((each) => each.id).join(', ')}`
  if (check.appliesTo && !check.appliesTo.includes(known)) return 'excuses from what was never promised'
  return reason.trim() === '' ? 'gives no reason' : undefined
}
