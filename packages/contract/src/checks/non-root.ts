import { inSharedContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'

export const nonRoot: Check = {
  id: 'non-root',
  promise: '`USER` is numeric and not 0, and no process in the container runs as root, children included',
  async check(subject) {
    const { Config } = await subject.inspect()
    const user = Config.User
    if (!/^[1-9]\d*(:\d+)?$/.test(user))
      throw new BrokenPromise(
        nonRoot,
        user ? `USER is ${user}` : 'there is no USER, so it runs as root',
        'USER in the last stage of the Dockerfile: a number, since Kubernetes cannot look a name up',
      )
    await inSharedContainer(nonRoot, subject, async ({ handle }) => {
      const { Processes } = (await handle.top({ ps_args: '-eo uid,pid,args' })) as { Processes: string[][] }
      const root = Processes.filter(([uid]) => uid === '0').map(([, , command]) => command)
      if (root.length > 0)
        throw new BrokenPromise(
          nonRoot,
          `UID 0 runs ${root.map((command) => `\`${command}\``).join(', ')}`,
          'the entrypoint, and files with the setuid bit',
        )
    })
  },
}
