import { products } from '@stagecraft/engine'
import { splitLayers } from '../base.ts'
import { BrokenPromise, type Check } from '../model.ts'

/** What tools leave that is another file each time, found by building images twice; and how to leave it out. */
const traces: [pattern: RegExp, advice: string][] = [
  [/^\/(root|home\/[^/]+)\/\.npm\//, "npm's cache and logs: RUN --mount=type=cache,target=/root/.npm"],
  [/\/node-compile-cache\//, "Node's compile cache: run the tool with NODE_DISABLE_COMPILE_CACHE=1"],
  [
    /\/node_modules\/(\.modules\.yaml|\.pnpm-workspace-state[^/]*)$/,
    "pnpm's state, which has the time in it: delete it in the RUN that installs",
  ],
  [/\/\.turbo\//, "turbo's logs and cache: keep them out of what is copied"],
  [
    /^\/var\/(log\/(apt\/|dpkg\.log|alternatives\.log)|cache\/(ldconfig\/|debconf\/.*-old$)|lib\/apt\/lists\/[^/]*_)/,
    'the logs and lists of apt and dpkg: delete them in the RUN that installs',
  ],
]

export const reproducible: Check = {
  id: 'reproducible',
  promise: 'adds no file that is another one each time that it is built, such as a log or a cache',
  appliesTo: products,
  async check(subject) {
    const { own } = await splitLayers(reproducible, subject)
    const files = own.flatMap(({ entries }) => entries.filter(({ type }) => type === 'file'))
    const found = traces.flatMap(([pattern, advice]) => {
      const paths = files.map(({ path }) => path).filter((path) => pattern.test(path))
      return paths[0] === undefined ? [] : [{ paths, first: paths[0], advice }]
    })
    if (found.length === 0) return
    const seen = found.map(({ paths, first }) =>
      paths.length > 1 ? `${first} and ${paths.length - 1} more` : first,
    )
    throw new BrokenPromise(
      reproducible,
      `two builds give two digests, for ${seen.join(', ')}`,
      found.map(({ advice }) => advice).join('; '),
    )
  },
}
