import { boot, type ContainerLog, readLog } from '@stagecraft/engine'

/** A container of react-spa, hardened as in compose.yaml, with nothing behind it. */
export interface ReactSpa extends AsyncDisposable {
  /** Without a trailing slash. */
  url: string
  port: number
  log(): Promise<ContainerLog>
}

/** Starts `stagecraft/react-spa:<variant>` with these variables set besides its own. */
export async function startReactSpa(variant: string, env: Record<string, string> = {}): Promise<ReactSpa> {
  const host = {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Memory: 256 * 1024 * 1024,
  }
  const bootable = { image: `stagecraft/react-spa:${variant}`, port: 8080, ready: '/healthz' }
  const { url, handle, [Symbol.asyncDispose]: dispose } = await boot(bootable, { env, host })
  return { url, port: Number(new URL(url).port), log: () => readLog(handle), [Symbol.asyncDispose]: dispose }
}
