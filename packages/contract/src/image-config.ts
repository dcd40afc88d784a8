import { type Static, Type } from 'typebox'

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
        description: 'the answer holds at least this',
      }),
    ),
  },
  closed,
)
export type Route = Static<typeof Route>

export const ImageConfig = Type.Object(
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
    headTimeout: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'seconds after which the server has closed a connection that sent half a head',
      }),
    ),
    writable: Type.Optional(Type.Array(Path, { description: 'directories that the app keeps on volumes' })),
    budget: Type.Optional(
      Type.Record(Type.String(), Type.Number({ exclusiveMinimum: 0 }), {
        description: 'variant to the compressed megabytes that it may add to its base',
      }),
    ),
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
