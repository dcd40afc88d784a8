import { canary } from '@stagecraft/engine'
import type { Layer } from '@stagecraft/image'
import { splitLayers } from '../base.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { some } from '../some.ts'

export const noSecrets: Check = {
  id: 'no-secrets',
  promise:
    'a canary given at build time, `.git`, `.env`, `.npmrc`, tests and source maps are in no layer, deleted ones included, nor in the history',
  async check(subject) {
    const { layers, rawConfig } = await subject.archive()
    const leaks = layers.flatMap((layer) => layer.found.map(({ path }) => `${path} of ${made(layer)}`))
    if (leaks.length > 0)
      throw new BrokenPromise(
        noSecrets,
        `the canary secret is in ${some(leaks)}`,
        'RUN --mount=type=secret: what a layer holds stays in it, deleted later or not',
      )
    if (rawConfig.includes(canary))
      throw new BrokenPromise(
        noSecrets,
        "the canary secret is in the image's config: its environment, labels or history",
        'ARG, ENV and LABEL: `docker history` shows them to everyone',
      )

    const { own } = await splitLayers(noSecrets, subject)
    const unwanted = own.flatMap((layer) =>
      layer.entries
        .filter(({ type, path }) => !['directory', 'whiteout', 'opaque'].includes(type) && isUnwanted(path))
        .map(({ path }) => `${path} of ${made(layer)}`),
    )
    if (unwanted.length > 0)
      throw new BrokenPromise(
        noSecrets,
        `there is ${some(unwanted)}`,
        '.dockerignore, and COPY of whole folders in the Dockerfile',
      )
  },
}

/** Of the project's own files; what a dependency publishes is its affair. */
export function isUnwanted(path: string): boolean {
  if (/\/(node_modules|site-packages|dist-packages|cargo\/registry|pkg\/mod)\//.test(path)) return false
  if (/\/(\.git|\.env[^/]*|\.npmrc)(\/|$)|(\.test\.[^/]+|_test\.go|\.map)$/.test(path)) return true
  return !/^\/(usr|lib|lib64|etc|var|opt)\//.test(path) && /\/(test|tests|__tests__)\//.test(path)
}

function made({ createdBy, digest }: Layer): string {
  return `\`${createdBy.replace(/\s+/g, ' ').slice(0, 120) || digest}\``
}
