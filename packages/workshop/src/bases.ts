import { execFile } from 'node:child_process'
import type { Attempt } from './attempt.ts'
import { WorkshopError } from './errors.ts'

/**
 * The IDs of the images that a learner's Dockerfile begins from or copies from, and those that are not on this machine.
 * @throws WorkshopError when no engine answers
 */
export async function baseIds(attempt: Attempt): Promise<{ ids: string[]; missing: string[] }> {
  const { stages, edges } = await attempt.analysis()
  const names = edges.flatMap(({ from, to }) =>
    'image' in from && stages[to.stage]?.reached ? [from.image] : [],
  )
  const images = [...new Set(names)].filter((name) => name !== 'scratch')
  return imageIds(images)
}

interface Ran {
  stdout: string
  stderr: string
  failed: boolean
  code: string | number | null | undefined
}

async function imageIds(images: readonly string[]): Promise<{ ids: string[]; missing: string[] }> {
  const args =
    images.length > 0
      ? ['image', 'inspect', '--format={{.Id}}', ...images]
      : ['version', '--format={{.Server.Version}}']
  // Not execa, which takes longer to load than the answer to come.
  const { stdout, stderr, failed, code } = await new Promise<Ran>((resolve) =>
    execFile('docker', args, (error, stdout, stderr) =>
      resolve({ stdout, stderr, failed: error !== null, code: error?.code }),
    ),
  )
  if (
    code === 'ENOENT' ||
    /cannot connect to the docker daemon|failed to connect|permission denied/i.test(stderr)
  )
    throw new WorkshopError(
      'no-engine',
      'No Docker Engine answers.',
      'Start it (npm run setup sees to one), then check again.',
    )
  const missing = images.filter(
    (name) => stderr.includes(`No such image: ${name}`) || stderr.includes(`such image: ${name}`),
  )
  if (failed && missing.length === 0) throw new Error(stderr.trim())
  return { ids: stdout.trim().split('\n'), missing }
}
