import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type Dockerode from 'dockerode'
import { answers } from './answers.ts'
import { eventually } from './pace.ts'

/** Milliseconds. */
const patience = 30_000

/** A program that runs without a container. */
export interface BareProgram extends AsyncDisposable {
  /** Milliseconds from its start to the first 200 of the ready path. */
  readyAfter: number
}

/**
 * Starts the program of a running container once more as a process of the host: in the same files, with the same
 * arguments, environment, user and working directory, but with the host's network and means. Its files are
 * those layers that the container stands on; what it writes goes to memory.
 * Disposing ends it.
 * @throws Error where this process is not root on the engine's machine, where the port is taken, or when it does not
 *   answer
 */
export async function startBare(
  container: Dockerode.Container,
  { port, ready }: { port: number; ready: string },
  signal?: AbortSignal,
): Promise<BareProgram> {
  const { State, Path, Args, Config } = await container.inspect()
  const { layers, user } = await lookInto(State.Pid)
  const url = `http://127.0.0.1:${port}${ready}`
  if (await answers(url)) throw new Error(`port ${port} of this machine is taken`)
  // A mount and a process namespace of its own: with the process go all mounts, and whatever it has started.
  const script = [
    'set -e',
    'mount -t tmpfs tmpfs /mnt',
    'mkdir /mnt/upper /mnt/work /mnt/root',
    'mount -t overlay overlay -o "lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root',
    'mount -t proc proc /mnt/root/proc',
    'mount --rbind /dev /mnt/root/dev',
    // An image from scratch has none.
    'mkdir -p /mnt/root/tmp',
    'mount -t tmpfs -o mode=1777 tmpfs /mnt/root/tmp',
    'for file in hosts resolv.conf; do [ ! -e /mnt/root/etc/$file ] || mount --bind /etc/$file /mnt/root/etc/$file; done',
    'shift',
    'exec "$@"',
  ].join('\n')
  const inside = [
    ...['/usr/bin/env', '-i', ...(Config.Env ?? [])],
    ...['/usr/bin/unshare', '--root=/mnt/root', `--wd=${Config.WorkingDir || '/'}`],
    ...[`--setgid=${user.gid}`, `--setuid=${user.uid}`, '--', Path, ...Args],
  ]
  const started = performance.now()
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', 'sh', '-c', script, 'sh', layers.join(':'), ...inside],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-2000)
  })
  const ended = once(child, 'exit')
  const end = async () => {
    // With the first of its process namespace, which is in this group, go all that it has started.
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  try {
    const look = async () => {
      signal?.throwIfAborted()
      if (child.exitCode !== null) throw new Error(`Without a container it ended: ${said.trim()}`)
      return (await answers(url)) || undefined
    }
    if (!(await eventually(patience, look, 10)))
      throw new Error(`Without a container it did not answer on port ${port}: ${said.trim()}`)
    return { readyAfter: performance.now() - started, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

interface Inside {
  /** The topmost first, as overlayfs takes them. */
  layers: string[]
  user: { uid: string; gid: string }
}

/** What `/proc` tells of a container's first process. @throws Error where it tells this process nothing */
async function lookInto(pid: number): Promise<Inside> {
  const read = (name: string) =>
    readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => {
      throw new Error('this process is not root on the machine of the engine')
    })
  if (process.getuid?.() !== 0) throw new Error('this process is not root')
  const [mounts, status] = await Promise.all([read('mountinfo'), read('status')])
  const root = mounts.split('\n').find((line) => / \/ \/ .* - overlay /.test(line))
  const [, lower = ''] = /\blowerdir=([^,]+)/.exec(root ?? '') ?? []
  const [, upper = ''] = /\bupperdir=([^,]+)/.exec(root ?? '') ?? []
  if (!lower) throw new Error('the files of the container are not on overlayfs')
  // Many layers are mounted by relative paths, from the folder of all snapshots.
  const snapshots = dirname(dirname(upper))
  const idOf = (name: string) => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? '0'
  return {
    layers: lower.split(':').map((path) => resolve(snapshots, path)),
    user: { uid: idOf('Uid'), gid: idOf('Gid') },
  }
}
