import type * as dockerfile from '@stagecraft/dockerfile'
import type * as service from '@stagecraft/service'
import { type Static, Type } from 'typebox'

/** The largest body that is read, in bytes. */
export const maxBodyBytes = 1024 * 1024

const closed = { additionalProperties: false }

/** JSON can say NUL, a text file cannot. */
const Text = (description: string, maxLength: number) =>
  Type.String({ maxLength, pattern: '^[^\\u0000]*$', description })

const Line = Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'counted from 1' })
const Path = Text('path in the build context', 4096)
const Value = Text('value of a build argument', 32_768)
const pathPattern = '^[^\\u0000]{1,4096}$'
const argPattern = '^[^\\s=\\u0000]{1,200}$'

const Change = Type.Union([
  Type.Object(
    {
      path: Path,
      what: Type.Optional(Type.Enum(['content', 'mode', 'time'], { description: 'content unless given' })),
    },
    { ...closed, description: 'a file or folder of the build context; added and deleted are content' },
  ),
  Type.Object(
    { instruction: Line, text: Type.Optional(Text('what it says now', maxBodyBytes)) },
    {
      ...closed,
      description: 'the instruction on this line; without its new text, it changes in whatever it says',
    },
  ),
  Type.Object(
    { arg: Type.String({ pattern: argPattern }), value: Type.Optional(Value) },
    { ...closed, description: 'a build argument; without its new value, to one that it never had' },
  ),
  Type.Object(
    { base: Text('in the words of the Dockerfile', 4096) },
    { ...closed, description: 'the digest of an image that the Dockerfile names' },
  ),
  Type.Object({ secret: Text('its id', 4096) }, { ...closed, description: 'what a secret holds' }),
])

/** What `POST /analyze` takes as JSON. */
export const Question = Type.Object(
  {
    dockerfile: Text('the text of the Dockerfile', maxBodyBytes),
    dockerignore: Type.Optional(Text('the text of .dockerignore', maxBodyBytes)),
    target: Type.Optional(
      Text('the stage to build, its name or its number; the last one unless given', 4096),
    ),
    args: Type.Optional(
      Type.Record(Type.String({ pattern: argPattern }), Value, {
        ...closed,
        maxProperties: 1000,
        description: 'build arguments, as --build-arg sets them',
      }),
    ),
    links: Type.Optional(
      Type.Record(Type.String({ pattern: pathPattern }), Path, {
        ...closed,
        maxProperties: 1000,
        description: 'symbolic links of the build context, path to target',
      }),
    ),
    changed: Type.Optional(
      Type.Array(Type.Union([Path, ...Change.anyOf]), {
        maxItems: 1000,
        description:
          'what changed since a build that left everything in the cache; a text is short for a path',
      }),
    ),
  },
  closed,
)
export type Question = Static<typeof Question>

export const analyzeBodies = {
  content: {
    'application/json': { schema: Question },
    'text/plain': { schema: Text('the Dockerfile itself', maxBodyBytes) },
  },
}

const Stage = Type.Object({
  index: Type.Integer({ description: 'counted from 0' }),
  name: Type.Optional(Type.String()),
  from: Type.Union(
    [
      Type.Object({ stage: Type.Integer() }),
      Type.Object({ image: Type.String() }),
      Type.Object({ scratch: Type.Literal(true) }),
    ],
    { description: 'what FROM names, variables expanded' },
  ),
  line: Line,
  reached: Type.Boolean({ description: 'whether the target needs it' }),
})

const Edge = Type.Object({
  from: Type.Union([Type.Object({ stage: Type.Integer() }), Type.Object({ image: Type.String() })]),
  to: Type.Object({ stage: Type.Integer() }),
  by: Type.Enum(['FROM', 'COPY', 'ADD', 'RUN']),
  line: Line,
})

const Instruction = Type.Object({
  line: Line,
  endLine: Line,
  keyword: Type.String({ description: 'in capitals' }),
  text: Type.String({ description: 'as written, continuation lines and heredocs included' }),
  stage: Type.Optional(Type.Integer({ description: 'missing before the first FROM' })),
  outcome: Type.Optional(
    Type.Enum(['cached', 'reruns', 'may rerun'], {
      description: 'missing where there is nothing to run, and for what the target does not reach',
    }),
  ),
  why: Type.Optional(Type.String({ description: 'why it is not cached' })),
})

const Note = Type.Object({ line: Line, text: Type.String() })

/** What `POST /analyze` answers. */
export const Analysis = Type.Object({
  target: Type.Integer({ description: 'the stage that is built' }),
  stages: Type.Array(Stage),
  edges: Type.Array(Edge, { description: '`to` uses what `from` made' }),
  instructions: Type.Array(Instruction),
  notes: Type.Array(Note, { description: 'what an analysis of the text cannot follow' }),
})

export const About = Type.Object({
  name: Type.String(),
  version: Type.String(),
  variant: Type.String(),
  node: Type.String(),
})

export const Live = Type.Object({ status: Type.Literal('live') })
export const Ready = Type.Object({ status: Type.Literal('ready') })

const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.String(),
  errors: Type.Optional(
    Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
      description: '422: where the request breaks its schema',
    }),
  ),
  code: Type.Optional(
    Type.Enum(['syntax', 'unknown-target', 'unknown-stage', 'cycle', 'unknown-change', 'too-complex'], {
      description: '422: what is wrong with the Dockerfile, or with the question about it',
    }),
  ),
  line: Type.Optional(Line),
  column: Type.Optional(Line),
  text: Type.Optional(Type.String({ description: 'what is on that line, shortened where it is long' })),
})

const problemDescriptions = {
  400: 'Not text in UTF-8, or not JSON',
  413: 'Larger than 1 MiB',
  415: 'Neither text/plain nor application/json, or compressed',
  422: 'Not a Dockerfile, or not what the schema says',
  503: 'Too many at once',
}

/** The other answers of `POST /analyze`, RFC 9457. */
export const problems = Object.fromEntries(
  Object.entries(problemDescriptions).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: Problem } } },
  ]),
)

// The schemas say exactly what the types say: anything else does not compile.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Hold<Same extends true> = Same
/** @public Holds by being compiled. */
export type Held = [
  Hold<Same<Static<typeof Analysis>, dockerfile.Analysis>>,
  Hold<Same<Static<typeof Change>, dockerfile.Change>>,
  Hold<Same<keyof Question, keyof dockerfile.Question | 'dockerfile'>>,
  Hold<Same<Required<Static<typeof Problem>>['code'], dockerfile.DockerfileErrorCode>>,
  Hold<Same<Static<typeof About>, service.About>>,
]
