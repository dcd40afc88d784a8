import { type Static, Type } from 'typebox'

const Bytes = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'bytes' })
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Milliseconds = Type.Number({ minimum: 0, description: 'milliseconds' })
const Text = Type.String({ minLength: 1, maxLength: 1024 })
const Name = Type.String({ minLength: 1, maxLength: 200 })
// Both are parts of an image reference and of a URL.
const Slug = Type.String({ minLength: 1, maxLength: 128, pattern: '^[a-z0-9][a-z0-9._-]*$' })
const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'OCI digest' })
const Package = Type.Object({ name: Name, version: Type.String({ maxLength: 200 }) })

const Layer = Type.Object({
  digest: Digest,
  compressedBytes: Bytes,
  compressedIsEstimate: Type.Optional(
    Type.Boolean({
      description: 'the engine stores the layer uncompressed; the figure is from gzip level 6',
    }),
  ),
  unpackedBytes: Bytes,
  createdBy: Type.Optional(
    Type.String({ maxLength: 4096, description: 'the instruction, from the history' }),
  ),
})

const Contents = Type.Object({
  files: Count,
  executables: Count,
  osPackages: Type.Array(Package),
  npmPackages: Type.Array(Package),
  pythonPackages: Type.Optional(Type.Array(Package)),
  goModules: Type.Optional(
    Type.Array(Package, {
      description: 'modules of Go programs, with their own and the standard library (stdlib)',
    }),
  ),
  rustCrates: Type.Optional(
    Type.Array(Package, {
      description:
        "crates from Cargo.lock files and from programs up to 16 MiB built with cargo-auditable; not the workspace's own",
    }),
  ),
  shells: Type.Array(Text),
  packageManagers: Type.Array(Text),
  compilers: Type.Array(Text),
  setuidFiles: Type.Array(Text, { description: 'paths with the setuid or setgid bit' }),
  wastedBytes: Type.Integer({ minimum: 0, description: 'bytes that a later layer overwrites or deletes' }),
  wastedBy: Type.Optional(
    Type.Array(
      Type.Object({
        layer: Type.Integer({ minimum: 0, description: 'index of the layer that carries them' }),
        by: Type.Integer({ minimum: 0, description: 'index of the layer that deletes or replaces them' }),
        files: Count,
        bytes: Bytes,
        path: Text,
      }),
      { maxItems: 100, description: 'where the wasted bytes are; `path` is the largest of the files' },
    ),
  ),
  largestFiles: Type.Array(Type.Object({ path: Text, bytes: Bytes })),
  folders: Type.Optional(
    Type.Array(Type.Object({ path: Text, bytes: Bytes }), {
      description: 'folders with a megabyte or more, up to four levels deep, with all that is below them',
    }),
  ),
})

const Words = Type.Array(Type.String({ maxLength: 16_384 }))

/** What a container gets from the image when it is told nothing else. */
const Config = Type.Object({
  user: Type.String({ maxLength: 200, description: 'empty for root' }),
  env: Words,
  entrypoint: Words,
  cmd: Words,
  workdir: Type.String({ maxLength: 1024 }),
  exposedPorts: Type.Array(Text, { description: 'for example 8080/tcp' }),
  volumes: Type.Array(Text),
  healthcheck: Words,
  stopSignal: Type.String({ maxLength: 20, description: 'empty for SIGTERM' }),
})

/** Median and range of repeated measurements, in milliseconds. */
const Spread = Type.Object({
  median: Milliseconds,
  min: Milliseconds,
  max: Milliseconds,
  runs: Type.Integer({ minimum: 1 }),
})

const Run = Type.Object({
  startToReadyMs: Spread,
  idleMemoryBytes: Bytes,
  stopMs: Milliseconds,
  bareStartToReadyMs: Type.Optional(
    Type.Object(Spread.properties, {
      description: 'the same program in the same files, started as a process of the host',
    }),
  ),
  notBare: Type.Optional(
    Type.String({ maxLength: 1024, description: 'why it was not started without a container' }),
  ),
  loadedMemoryBytes: Type.Optional(
    Type.Integer({ minimum: 0, description: 'bytes in use a second after 1,000 requests' }),
  ),
  busyStopMs: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'milliseconds from the stop signal to the exit, the rest of a request coming after 500 of them',
    }),
  ),
  measuredAt: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'when, if it was before the report: the image is the same',
    }),
  ),
})

const Scenario = Type.Union(
  [
    Type.Literal('from-nothing'),
    Type.Literal('unchanged'),
    Type.Literal('line'),
    Type.Literal('scripts'),
    Type.Literal('dependency'),
    Type.Literal('registry-cache'),
  ],
  {
    description:
      'what had changed since a build with everything in the cache: from nothing, there is no cache; unchanged; one source line; only scripts of the manifest; one dependency more; registry-cache is one source line on an empty builder that has the cache of a registry',
  },
)

const Rebuild = Type.Object({
  scenario: Scenario,
  tookMs: Spread,
  ran: Type.Array(
    Type.Object({
      line: Type.Integer({ minimum: 1, description: 'of the Dockerfile' }),
      instruction: Type.String({ maxLength: 200, description: 'in one line, without the flags of RUN' }),
      predicted: Type.Union([Type.Literal('reruns'), Type.Literal('may rerun'), Type.Literal('cached')], {
        description: 'what the Dockerfile lets expect',
      }),
      why: Type.Optional(
        Type.String({ maxLength: 1024, description: 'why it is not expected to be cached' }),
      ),
      ms: Milliseconds,
    }),
    { maxItems: 500, description: 'the steps that ran in the last build, in the order of the Dockerfile' },
  ),
  cached: Type.Integer({ minimum: 0, description: 'steps that were in the cache or not needed' }),
  pushedBytes: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'compressed bytes of the layers that a registry with the image of before does not have yet',
    }),
  ),
})

const PromiseKept = Type.Object({
  id: Slug,
  promise: Type.Optional(
    Type.String({ maxLength: 1024, description: 'the promise, with code in backticks' }),
  ),
  verdict: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('excused')]),
  detail: Type.String({
    maxLength: 16_384,
    description: 'empty for a pass; otherwise the reason and the evidence',
  }),
})

const RepositoryPath = Type.String({ minLength: 1, maxLength: 1024, description: 'path in the repository' })

const Image = Type.Object({
  app: Slug,
  variant: Slug,
  image: Type.String({
    minLength: 1,
    maxLength: 512,
    description: 'reference, for example stagecraft/express-api:prod',
  }),
  config: Type.Optional(Config),
  base: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 512 }),
    standIn: Type.Boolean({
      description: 'built locally from Debian packages because the official base could not be pulled',
    }),
    layers: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description: 'number of layers, from the first, that are the base',
      }),
    ),
  }),
  size: Type.Object({ compressedBytes: Bytes, unpackedBytes: Bytes }),
  layers: Type.Array(Layer),
  contents: Contents,
  run: Run,
  build: Type.Optional(
    Type.Array(Rebuild, { maxItems: 20, description: 'what builds cost after a change, each change once' }),
  ),
  buildFailures: Type.Optional(
    Type.Array(
      Type.Object({
        scenario: Scenario,
        message: Type.String({ maxLength: 16_384, description: 'what the failed steps wrote' }),
      }),
      { maxItems: 20, description: 'changes after which the image did not build' },
    ),
  ),
  contract: Type.Optional(Type.Array(PromiseKept, { maxItems: 100 })),
  dockerfile: Type.Optional(
    Type.Object({
      path: RepositoryPath,
      target: Type.Optional(Type.String({ maxLength: 128, description: 'if missing, the last stage' })),
    }),
  ),
})

const Difference = Type.Object({
  from: Text,
  to: Text,
  changes: Type.Array(
    Type.Object({
      what: Type.String({
        maxLength: 40,
        description: 'for example npm package, environment, user, folder, setuid file',
      }),
      name: Type.String({ maxLength: 16_384 }),
      from: Type.Optional(Type.String({ maxLength: 16_384, description: 'if missing, only `to` has it' })),
      to: Type.Optional(Type.String({ maxLength: 16_384, description: 'if missing, only `from` has it' })),
      bytes: Type.Optional(Type.Integer({ description: 'how many bytes more `to` has, negative for less' })),
    }),
    { maxItems: 100_000 },
  ),
})

/** What a Dockerfile of another project says by itself. */
const ReadDockerfile = Type.Object({
  path: Text,
  target: Type.Optional(Type.String({ maxLength: 128, description: 'if missing, the last stage' })),
  checks: Type.Array(
    Type.Object({
      rule: Name,
      line: Type.Optional(Type.Integer({ minimum: 1 })),
      detail: Type.String({ maxLength: 1024 }),
    }),
    { maxItems: 500, description: "what BuildKit's build checks found" },
  ),
  after: Type.Optional(
    Type.Object(
      {
        changed: Type.String({ maxLength: 1024, description: 'path in the build context' }),
        rerun: Type.Array(
          Type.Object({
            line: Type.Integer({ minimum: 1 }),
            instruction: Type.String({
              maxLength: 200,
              description: 'in one line, without the flags of RUN',
            }),
            predicted: Type.Union([Type.Literal('reruns'), Type.Literal('may rerun')]),
            why: Type.Optional(Type.String({ maxLength: 1024 })),
          }),
          { maxItems: 500, description: 'the steps that run again, in the order of the Dockerfile' },
        ),
        cached: Type.Integer({ minimum: 0, description: 'steps that stay in the cache' }),
      },
      { description: 'what the Dockerfile lets expect after a change of one source file' },
    ),
  ),
})

const Other = Type.Object({
  image: Type.String({
    minLength: 1,
    maxLength: 4096,
    description: 'reference, path of an archive or of a Dockerfile, or bake file and target',
  }),
  config: Config,
  size: Type.Object({ compressedBytes: Bytes, unpackedBytes: Bytes }),
  layers: Type.Array(Layer),
  contents: Contents,
  run: Type.Optional(Run),
  notRun: Type.Optional(Type.String({ maxLength: 16_384, description: 'why there are no figures of a run' })),
  contract: Type.Optional(Type.Array(PromiseKept, { maxItems: 100 })),
  like: Type.Optional(Difference),
  dockerfile: Type.Optional(ReadDockerfile),
})

/** An image by the two that tell it from all others of a report. */
const ImageName = Type.Object({ app: Slug, variant: Slug })

const Failure = Type.Object({
  app: Slug,
  variant: Slug,
  step: Type.Union(
    [Type.Literal('base'), Type.Literal('build'), Type.Literal('read'), Type.Literal('start')],
    {
      description: 'what failed: getting its base image, building it, reading its layers or starting it',
    },
  ),
  message: Type.String({ maxLength: 16_384, description: 'the error message' }),
})

/** The comparison report, version 1. JSON Schema draft 2020-12. */
export const Report = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    createdAt: Type.String({
      format: 'date-time',
      // `format` alone allows local offsets and leap seconds, which Date.parse() cannot read.
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?Z$',
      description: 'when the comparison was made, ISO 8601 UTC',
    }),
    revision: Type.String({
      maxLength: 64,
      description: 'the measured commit, followed by "+" if files had changed',
    }),
    host: Type.Object({
      engine: Name,
      buildkit: Name,
      architecture: Name,
      cpus: Type.Integer({ minimum: 1 }),
    }),
    state: Type.Optional(
      Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('interrupted')], {
        description: 'running: more figures will follow. If missing, done',
      }),
    ),
    planned: Type.Optional(
      Type.Array(ImageName, {
        maxItems: 1000,
        description: 'the images to measure, in order',
      }),
    ),
    doing: Type.Optional(
      Type.String({ maxLength: 200, description: 'the current step, for example: building express-api' }),
    ),
    // No least number here: `imageProblems` says when there may be none.
    images: Type.Array(Image, { maxItems: 1000 }),
    failures: Type.Optional(
      Type.Array(Failure, { maxItems: 1000, description: 'the images that could not be measured' }),
    ),
    others: Type.Optional(
      Type.Array(Other, { maxItems: 100, description: 'images that are not of this repository' }),
    ),
    differences: Type.Optional(
      Type.Array(Difference, { maxItems: 1000, description: 'what was asked to be compared one by one' }),
    ),
    published: Type.Optional(
      Type.Boolean({
        description:
          'measured on another machine and published with the repository; shown if there is no engine',
      }),
    ),
    dockerfiles: Type.Optional(
      Type.Array(
        Type.Object({
          path: RepositoryPath,
          text: Type.String({ maxLength: 65_536 }),
          context: Type.Optional(
            Type.Object(
              { path: RepositoryPath, dockerignore: Type.String({ maxLength: 65_536 }) },
              { description: "the build context, if it is not the repository's root" },
            ),
          ),
        }),
        { maxItems: 200 },
      ),
    ),
    context: Type.Optional(
      Type.Object({
        dockerignore: Type.String({ maxLength: 65_536, description: 'the text of .dockerignore' }),
        files: Type.Array(RepositoryPath, { maxItems: 5000, description: "the repository's files" }),
      }),
    ),
  },
  { $id: 'https://stagecraft.dev/report.v1.json', title: 'Stagecraft comparison report' },
)
export type Report = Static<typeof Report>
export type ImageReport = Static<typeof Image>
export type ImageName = Static<typeof ImageName>
export type Failure = Static<typeof Failure>
export type LayerReport = Static<typeof Layer>
export type Contents = Static<typeof Contents>
export type Config = Static<typeof Config>
export type Difference = Static<typeof Difference>
export type Other = Static<typeof Other>
export type Scenario = Static<typeof Scenario>
export type Rebuild = Static<typeof Rebuild>
export type Spread = Static<typeof Spread>
