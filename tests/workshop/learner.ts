import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@stagecraft/scripts/process'
import { execa } from 'execa'

/** Someone with a home of their own, who types commands. */
export interface Learner extends AsyncDisposable {
  home: string
  /** Where an exercise is handed out. */
  folder: (slug: string) => string
  /** `pnpm workshop` with these words; what it says, and its exit code. */
  type: (command: string, input?: string) => Promise<{ said: string; code: number | undefined }>
}

/** @param name of the home's folder, which may have spaces */
export async function arrive(name = 'home', env: NodeJS.ProcessEnv = {}): Promise<Learner> {
  const parent = await mkdtemp(join(tmpdir(), 'stagecraft-learner-'))
  const home = join(parent, name)
  return {
    home,
    folder: (slug) => join(home, 'stagecraft-workshop', slug),
    async type(command, input = '') {
      const { all, exitCode } = await execa(
        process.execPath,
        [join(root, 'packages/workshop/src/cli.ts'), ...command.split(' ')],
        {
          cwd: root,
          input,
          reject: false,
          all: true,
          // The engine's client keeps its plug-ins in the real home.
          env: {
            DOCKER_CONFIG: join(process.env.HOME ?? '/root', '.docker'),
            LANG: 'C.UTF-8',
            HOME: home,
            ...env,
          },
        },
      )
      return { said: all.replaceAll(home, '~'), code: exitCode }
    },
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }),
  }
}
