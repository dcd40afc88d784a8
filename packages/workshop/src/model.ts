import { type Static, Type } from 'typebox'

const closed = { additionalProperties: false }
const Strings = Type.Array(Type.String())
const Texts = Type.Record(Type.String(), Type.String())
const Id = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' })

/** A change that is made in a copy of the learner's folder, before a second build. */
const Change = Type.Union([
  Type.Object(
    {
      path: Type.String({ description: 'of a file in the folder' }),
      append: Type.Optional(Type.String()),
      content: Type.Optional(Type.String()),
      remove: Type.Optional(Type.Literal(true)),
      touch: Type.Optional(Type.Literal(true, { description: 'its time alone' })),
    },
    closed,
  ),
  Type.Object(
    {
      instruction: Type.String({ description: 'a regular expression over the instruction that is replaced' }),
      text: Type.String({ description: 'what stands there instead; {{new}} is something new each time' }),
    },
    closed,
  ),
])

const Of = Type.Object(
  {
    target: Type.Optional(Type.String()),
    args: Type.Optional(Texts),
    secrets: Type.Optional(Texts),
    noSecrets: Type.Optional(Type.Literal(true)),
    change: Type.Optional(Change),
    path: Type.Optional(Type.String()),
    instruction: Type.Optional(Type.String()),
    stage: Type.Optional(Type.String()),
    needle: Type.Optional(Type.String({ minLength: 1 })),
    kind: Type.Optional(Type.String()),
    route: Type.Optional(Type.String({ pattern: '^/' })),
    run: Type.Optional(Strings),
    user: Type.Optional(Type.String()),
    entry: Type.Optional(Strings),
  },
  { ...closed, description: 'which build, and what of it; each fact says which of these it takes' },
)

const Bound = Type.Union([Type.Number(), Type.String({ pattern: '^\\d+(\\.\\d+)? (B|kB|MB|GB)$' })])
const tests = {
  is: Type.Optional(Type.Unknown()),
  not: Type.Optional(Type.Unknown()),
  atMost: Type.Optional(Bound),
  atLeast: Type.Optional(Bound),
  includes: Type.Optional(Type.Unknown()),
  excludes: Type.Optional(Type.Unknown()),
  matches: Type.Optional(Type.String()),
  empty: Type.Optional(Type.Boolean()),
}
const fact = { fact: Type.String(), of: Type.Optional(Of) }

const Condition = Type.Cyclic(
  {
    Condition: Type.Union([
      Type.Object({ ...fact, ...tests }, closed),
      Type.Object({ all: Type.Array(Type.Ref('Condition'), { minItems: 1 }) }, closed),
      Type.Object({ any: Type.Array(Type.Ref('Condition'), { minItems: 1 }) }, closed),
      Type.Object({ none: Type.Array(Type.Ref('Condition'), { minItems: 1 }) }, closed),
    ]),
  },
  'Condition',
)

/** `exercise.yaml`. */
export const ExerciseSchema = Type.Object(
  {
    slug: Id,
    was: Type.Optional(Type.Array(Id, { description: 'slugs that it replaces' })),
    version: Type.Integer({ minimum: 1 }),
    minutes: Type.Object({ read: Type.Integer({ minimum: 1 }), do: Type.Integer({ minimum: 0 }) }, closed),
    measured: Type.Optional(
      Type.Boolean({ description: 'the minutes were measured in rooms; else they are estimates' }),
    ),
    needs: Type.Optional(Type.Array(Id, { description: 'what comes before' })),
    offline: Type.Object(
      { bases: Strings, packages: Type.Optional(Type.Record(Type.String(), Strings)) },
      { ...closed, description: 'what has to be there without a network' },
    ),
    build: Type.Optional(
      Type.Object(
        {
          file: Type.Optional(Type.String()),
          target: Type.Optional(Type.String()),
          args: Type.Optional(Texts),
          secrets: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'id to text' })),
        },
        closed,
      ),
    ),
    run: Type.Optional(
      Type.Object(
        { port: Type.Integer({ minimum: 1, maximum: 65535 }), ready: Type.String({ pattern: '^/' }) },
        { ...closed, description: 'where a container is asked, and which path says that it is ready' },
      ),
    ),
    predict: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Id,
            ...fact,
            choices: Type.Optional(
              Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 2 }),
            ),
          },
          closed,
        ),
      ),
    ),
    checks: Type.Array(Type.Object({ id: Id, ...fact, ...tests }, closed), {
      minItems: 1,
      description: 'in this order, cheapest first',
    }),
    start: Type.String({ description: 'the mistake or check that the unchanged start fails with' }),
    mistakes: Type.Array(Type.Object({ id: Id, check: Type.Optional(Id), when: Condition }, closed), {
      description: 'the first that matches speaks',
    }),
    compare: Type.Optional(
      Type.Object(
        { image: Type.String(), sees: Type.String(), of: Type.Optional(Of) },
        { ...closed, description: 'the reference of apps/, and the fact whose figure ends the exercise' },
      ),
    ),
  },
  closed,
)

export type Of = Static<typeof Of>
export type Change = Static<typeof Change>
/** Exactly one of them. */
export interface Test {
  is?: unknown
  not?: unknown
  atMost?: number | string
  atLeast?: number | string
  includes?: unknown
  excludes?: unknown
  matches?: string
  empty?: boolean
}
export type Asked = { fact: string; of?: Of } & Test
export type Condition = Asked | { all: Condition[] } | { any: Condition[] } | { none: Condition[] }
export type Check = { id: string } & Asked
interface Mistake {
  id: string
  /** Only when this check failed. */
  check?: string
  when: Condition
}
export interface Prediction {
  id: string
  fact: string
  of?: Of
  choices?: (string | number | boolean)[]
}
export type Exercise = Omit<Static<typeof ExerciseSchema>, 'checks' | 'mistakes' | 'predict'> & {
  checks: Check[]
  mistakes: Mistake[]
  predict?: Prediction[]
}

/** What fills the `{{placeholders}}` of a text. Bytes are numbers under the names in {@link byteFigures}. */
export type Figures = Record<string, string | number>

/** What a learner predicted, by question. */
export type Answers = Record<string, unknown>
