import { products } from '@stagecraft/engine'
import { contents, type LayerEntry } from '@stagecraft/image'
import { splitLayers } from '../base.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { some } from '../some.ts'

export const writeAccess: Check = {
  id: 'write-access',
  promise: 'of what it adds, its user and group 0 may write to its volumes and `/tmp` alone',
  appliesTo: products,
  async check(subject) {
    const { own } = await splitLayers(writeAccess, subject)
    const { Config } = await subject.inspect()
    const { users } = contents(await subject.archive())
    const [name = '', group = '0'] = Config.User.split(':')
    const named = users.find((user) => user.name === name)
    const uid = named?.uid ?? Number(name)
    // Root may write everywhere: that is for `non-root` to say.
    if (uid === 0) return
    const gids = [named?.gid ?? Number(group), 0]
    const meant = ['/tmp', ...Object.keys(Config.Volumes ?? {}), ...(subject.config.writable ?? [])]
    const last = new Map<string, LayerEntry>()
    for (const { entries } of own) for (const entry of entries) last.set(entry.path, entry)
    const open = [...last.values()].filter(
      (entry) =>
        (entry.type === 'file' || entry.type === 'directory') &&
        mayWrite(entry, { uid, gids }) &&
        !meant.some((folder) => entry.path === folder || entry.path.startsWith(`${folder}/`)),
    )
    if (open.length === 0) return
    throw new BrokenPromise(
      writeAccess,
      `its user may write to ${some(open.map(({ path }) => path))}`,
      'COPY --chown and RUN chown: what the app only reads stays with root, and a break-in cannot replace it',
    )
  },
}

function mayWrite({ mode, ...owner }: LayerEntry, { uid, gids }: { uid: number; gids: number[] }) {
  if (owner.uid === uid && mode & 0o200) return true
  return (gids.includes(owner.gid) && (mode & 0o020) !== 0) || (mode & 0o002) !== 0
}
