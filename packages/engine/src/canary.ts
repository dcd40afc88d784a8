import { createHash } from 'node:crypto'

/**
 * A made-up secret that builds are given, so that it can be looked for in what they leave behind. Computed, because an
 * image may hold this file.
 */
export const canary = `npm_${createHash('sha256').update('stagecraft canary').digest('hex').slice(0, 36)}`

/**
 * Arguments and environment for `docker buildx bake` that give every target the canary as the build secret `npmrc`,
 * the one that a Dockerfile mounts to install private packages. It changes neither the images nor the build cache.
 */
export const canarySecret = {
  args: ['--set', '*.secrets=id=npmrc,env=STAGECRAFT_CANARY'],
  env: { STAGECRAFT_CANARY: `//registry.invalid/:_authToken=${canary}` },
}
