import { execa } from 'execa'

export interface Revision {
  /** The commit, with `+` behind it when tracked files differ from it. */
  revision: string
  /** The commit's time in seconds since 1970. */
  epoch: string
}

/** What labels say of the tree at `root`; one that is no git checkout is `unknown`, of 1970. */
export async function readRevision(root: string): Promise<Revision> {
  const git = (...args: string[]) => execa('git', args, { cwd: root, reject: false })
  const log = await git('log', '-1', '--format=%H %ct')
  if (log.failed) return { revision: 'unknown', epoch: '0' }
  const [commit = '', epoch = '0'] = log.stdout.split(' ')
  const { stdout: changes } = await git('status', '--porcelain', '--untracked-files=no')
  return { revision: changes ? `${commit}+` : commit, epoch }
}
