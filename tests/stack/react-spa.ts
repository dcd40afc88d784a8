import { boot, type ContainerLog, readLog, runBeside, type Settings } from '@stagecraft/engine'

/** A container of react-spa, hardened as in compose.yaml, with nothing behind it. */
export interface ReactSpa extends AsyncDisposable {
  /** Without a trailing slash. */
  url: string
  port: number
  log(): Promise<ContainerLog>
  /** Runs a shell script in its network. @returns what it wrote to stdout */
  beside(script: string): Promise<string>
}

/** Starts `stagecraft/react-spa:<variant>` with these settings besides its own. */
export async function startReactSpa(variant: string, settings: Settings = {}): Promise<ReactSpa> {
  const host = {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Memory: 256 * 1024 * 1024,
    ...settings.host,
  }
  const bootable = { image: `stagecraft/react-spa:${variant}`, port: 8080, ready: '/healthz' }
  const { url, handle, [Symbol.asyncDispose]: dispose } = await boot(bootable, { ...settings, host })
  return {
    url,
    port: Number(new URL(url).port),
    log: () => readLog(handle),
    beside: (script) => runBeside(script, { NetworkMode: `container:${handle.id}` }),
    [Symbol.asyncDispose]: dispose,
  }
}
