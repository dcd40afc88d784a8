import { execa } from 'execa'
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

async function imageIds(images: readonly string[]): Promise<{ ids: string[]; missing: string[] }> {
  const args =
    images.length > 0
      ? ['image', 'inspect', '--format={{.Id}}', ...images]
      : ['version', '--format={{.Server.Version}}']
  const { stdout, stderr, failed, code } = await execa('docker', args, { reject: false, stdin: 'ignore' })
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
