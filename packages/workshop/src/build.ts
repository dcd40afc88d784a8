import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BuildLog, readProgress, type StepRun } from '@stagecraft/engine/progress'
import { execa } from 'execa'

export interface BuildRequest {
  /** Of the exercise: the image is named by it. */
  name: string
  /** Absolute. */
  folder: string
  /** The Dockerfile, relative to the folder. */
  file: string
  target?: string | undefined
  args: Record<string, string>
  secrets: Record<string, string>
  signal?: AbortSignal | undefined
}

export interface Build {
  ok: boolean
  /** Its name, empty if there is no image. Whoever asked for it removes it. */
  image: string
  steps: StepRun[]
  /** What ended it before its own end. */
  stopped?: 'time' | 'disk'
  /** How long it took, in seconds. */
  seconds: number
  /** Where it failed: the line, the last lines that the step wrote, BuildKit's own words. */
  line?: number
  output: string
  error: string
}

/** Limits of a learner's build. A build that needs more of either is no exercise. */
const limits = {
  /** Seconds; a slow network may need more. */
  time: Number(process.env.WORKSHOP_BUILD_SECONDS || 240),
  /** Bytes that it may take from the disk that has the temporary files. */
  disk: 5e9,
  /** Bytes of one file, and of what one process has on its heap. */
  file: 2e9,
  heap: 4e9,
  /** Characters of output that are kept. */
  output: 100_000,
}

/** containerd lets go of layers that another check has just removed while it unpacks an image that is built on them. */
const gone = /parent snapshot \S+ does not exist|failed to prepare extraction snapshot/

/** Builds with the engine's own builder and bounded means. A failure is a value, not an error. */
export async function runBuild(request: BuildRequest): Promise<Build> {
  for (let tries = 1; ; tries++) {
    const build = await tryBuild(request)
    if (!gone.test(build.error) || tries === 5) return build
    await sleep(1000 * tries)
  }
}

async function tryBuild(request: BuildRequest): Promise<Build> {
  const { name, folder, file, target, args, secrets, signal } = request
  const begin = performance.now()
  const own = await mkdtemp(join(tmpdir(), 'stagecraft-build-'))
  try {
    const secretFlags = await Promise.all(
      Object.entries(secrets).map(async ([id, text], index) => {
        const path = join(own, `secret-${index}`)
        await writeFile(path, text)
        return `--secret=id=${id},src=${path}`
      }),
    )
    const image = `stagecraft-workshop/${name}:${crypto.randomUUID().slice(0, 8)}`
    const stop = new AbortController()
    let stopped: Build['stopped']
    const end = (why: Build['stopped']) => {
      stopped = why
      stop.abort()
    }
    const timer = setTimeout(end, limits.time * 1000, 'time')
    const free = await freeBytes()
    const watcher = setInterval(async () => {
      if (free - (await freeBytes()) > limits.disk) end('disk')
    }, 500)
    const log = new BuildLog()
    const lines: string[] = []
    let size = 0
    const running = execa(
      'docker',
      [
        'buildx',
        'build',
        '--builder=default',
        '--progress=rawjson',
        '--provenance=false',
        `--ulimit=fsize=${limits.file}`,
        `--ulimit=data=${limits.heap}`,
        // Unpacked at once, as `docker build` does; packed by what is fastest.
        `--output=type=image,name=${image},compression=zstd`,
        `--file=${join(folder, file)}`,
        ...(target ? [`--target=${target}`] : []),
        ...Object.entries(args).map(([key, value]) => `--build-arg=${key}=${value}`),
        ...secretFlags,
        folder,
      ],
      {
        reject: false,
        stdin: 'ignore',
        stdout: 'ignore',
        buffer: false,
        cancelSignal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
      },
    )
    for await (const line of running.iterable({ from: 'stderr' })) {
      // What a step prints is cut off; what BuildKit says about steps is needed to the end.
      if (size > limits.output && line.startsWith('{"logs"')) continue
      size += line.length
      lines.push(line)
      log.take(line)
    }
    const { failed, exitCode } = await running.catch(() => ({ failed: true, exitCode: undefined }))
    clearTimeout(timer)
    clearInterval(watcher)
    signal?.throwIfAborted()
    if (failed && exitCode === undefined && !stopped) throw new Error('docker could not be run')
    return {
      ok: !failed,
      image: failed ? '' : image,
      steps: readProgress(lines.join('\n')),
      seconds: Math.round((performance.now() - begin) / 1000),
      ...(stopped && { stopped }),
      ...describe(log.failed(300), lines),
    }
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

/** On the disk with the temporary files: where the engine is on this machine, mostly the same as its own. */
async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(tmpdir())
  return bavail * bsize
}

/** Where and how it failed, from what buildx prints at the end: the file and its line, then `ERROR: ...`. */
function describe(failure: string, lines: readonly string[]): Pick<Build, 'line' | 'output' | 'error'> {
  const own = lines.filter((line) => !line.startsWith('{'))
  const marked = own.map((line) => /^\s*(\d+) \| >>> /.exec(line)?.[1]).find(Boolean)
  const error = own.findLast((line) => line.startsWith('ERROR: ')) ?? ''
  const output = failure
    .split('\n')
    .filter((line) => !own.includes(line))
    .join('\n')
    .slice(-20_000)
  return {
    ...(marked && { line: Number(marked) }),
    output,
    error: error
      .replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '')
      .replace(/failed to compute cache key: /, '')
      .replace(/failed to calculate checksum of ref \S+: /, ''),
  }
}

/** Removes images by their names; the cache of their builds stays. */
export async function removeImages(images: readonly string[]): Promise<void> {
  if (images.length > 0) await execa('docker', ['image', 'rm', '--force', ...images], { reject: false })
}
