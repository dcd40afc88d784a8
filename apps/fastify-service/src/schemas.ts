/** The largest body that is read, in bytes: Fastify's default. */
export const maxBodyBytes = 1024 * 1024

/** JSON can say NUL, a text file cannot. */
const text = (description: string, maxLength: number) => ({
  type: 'string',
  maxLength,
  pattern: '^[^\\u0000]*$',
  description,
})

/** An object of these properties and no other. */
const closed = (properties: object, required: string[], description?: string) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...(description && { description }),
})

const line = { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'counted from 1' }
const path = text('path in the build context', 4096)
const value = text('value of a build argument', 32_768)
const argName = { type: 'string', pattern: '^[^\\s=\\u0000]{1,200}$' }

const changes = [
  closed(
    {
      path,
      what: { type: 'string', enum: ['content', 'mode', 'time'], description: 'content unless given' },
    },
    ['path'],
    'a file or folder of the build context; added and deleted are content',
  ),
  closed(
    { instruction: line, text: text('what it says now', maxBodyBytes) },
    ['instruction'],
    'the instruction on this line; without its new text, it changes in whatever it says',
  ),
  closed(
    { arg: argName, value },
    ['arg'],
    'a build argument; without its new value, to one that it never had',
  ),
  closed(
    { base: text('in the words of the Dockerfile', 4096) },
    ['base'],
    'the digest of an image that the Dockerfile names',
  ),
  closed({ secret: text('its id', 4096) }, ['secret'], 'what a secret holds'),
]

/** What `POST /analyze` takes as JSON. */
export const question = closed(
  {
    dockerfile: text('the text of the Dockerfile', maxBodyBytes),
    dockerignore: text('the text of .dockerignore', maxBodyBytes),
    target: text('the stage to build, its name or its number; the last one unless given', 4096),
    args: {
      type: 'object',
      propertyNames: argName,
      additionalProperties: value,
      maxProperties: 1000,
      description: 'build arguments, as --build-arg sets them',
    },
    links: {
      type: 'object',
      propertyNames: { type: 'string', pattern: '^[^\\u0000]{1,4096}$' },
      additionalProperties: path,
      maxProperties: 1000,
      description: 'symbolic links of the build context, path to target',
    },
    changed: {
      type: 'array',
      maxItems: 1000,
      items: { anyOf: [path, ...changes] },
      description: 'what changed since a build that left everything in the cache; a text is short for a path',
    },
  },
  ['dockerfile'],
)

export const dockerfileText = text('the Dockerfile itself', maxBodyBytes)

export const analyzeBodies = {
  content: {
    'application/json': { schema: question },
    'text/plain': { schema: dockerfileText },
  },
}

const string = { type: 'string' }
const integer = { type: 'integer' }
const object = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
})
const stageRef = object({ stage: integer })
const imageRef = object({ image: string })

const stage = object(
  {
    index: { type: 'integer', description: 'counted from 0' },
    name: string,
    from: {
      anyOf: [stageRef, imageRef, object({ scratch: { const: true } })],
      description: 'what FROM names, variables expanded',
    },
    line,
    reached: { type: 'boolean', description: 'whether the target needs it' },
  },
  ['index', 'from', 'line', 'reached'],
)

const edge = object({
  from: { anyOf: [stageRef, imageRef] },
  to: stageRef,
  by: { type: 'string', enum: ['FROM', 'COPY', 'ADD', 'RUN'] },
  line,
})

const instruction = object(
  {
    line,
    endLine: line,
    keyword: { type: 'string', description: 'in capitals' },
    text: { type: 'string', description: 'as written, continuation lines and heredocs included' },
    stage: { type: 'integer', description: 'missing before the first FROM' },
    outcome: {
      type: 'string',
      enum: ['cached', 'reruns', 'may rerun'],
      description: 'missing where there is nothing to run, and for what the target does not reach',
    },
    why: { type: 'string', description: 'why it is not cached' },
  },
  ['line', 'endLine', 'keyword', 'text'],
)

/** What `POST /analyze` answers. */
export const analysis = object({
  target: { type: 'integer', description: 'the stage that is built' },
  stages: { type: 'array', items: stage },
  edges: { type: 'array', items: edge, description: '`to` uses what `from` made' },
  instructions: { type: 'array', items: instruction },
  notes: {
    type: 'array',
    items: object({ line, text: string }),
    description: 'what an analysis of the text cannot follow',
  },
})

export const about = object({ name: string, version: string })
export const status = object({ status: string })

const problem = object(
  {
    type: string,
    title: string,
    status: integer,
    detail: string,
    instance: string,
    errors: {
      type: 'array',
      items: object({ path: string, message: string }),
      description: '422: where the request first breaks its schema',
    },
    code: {
      type: 'string',
      enum: ['syntax', 'unknown-target', 'unknown-stage', 'cycle', 'unknown-change', 'too-complex'],
      description: '422: what is wrong with the Dockerfile, or with the question about it',
    },
    line,
    column: line,
    text: { type: 'string', description: 'what is on that line, shortened where it is long' },
  },
  ['type', 'title', 'status', 'detail', 'instance'],
)

const problemDescriptions = {
  400: 'Not JSON',
  413: 'Larger than 1 MiB',
  415: 'Neither text/plain nor application/json',
  422: 'Not a Dockerfile, or not what the schema says',
  503: 'Too many at once',
}

/** The other answers of `POST /analyze`, RFC 9457. */
export const problems = Object.fromEntries(
  Object.entries(problemDescriptions).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: problem } } },
  ]),
)
