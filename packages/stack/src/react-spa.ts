import { demultiplex, engine, removedWithThisProcess } from '@stagecraft/contract'
import { GenericContainer, PullPolicy, Wait } from 'testcontainers'

/** A container of react-spa, hardened as in compose.yaml, with nothing behind it. */
export interface ReactSpa extends AsyncDisposable {
  /** Without a trailing slash. */
  url: string
  port: number
  /** Bytes of memory that the container has in use, without the file cache. */
  memory(): Promise<number>
  log(): Promise<{ stdout: string; stderr: string }>
}

/** With what testcontainers has no method for. */
class HardenedContainer extends GenericContainer {
  constructor(image: string) {
    super(image)
    this.hostConfig.ReadonlyRootfs = true
    this.withAutoCleanup(false).withLabels(removedWithThisProcess()).withPullPolicy(PullPolicy.neverPull())
    this.withTmpFs({ '/tmp': '' }).withSecurityOpt('no-new-privileges').withDroppedCapabilities('ALL')
  }
}

/** Starts `stagecraft/react-spa:<variant>` with these variables set besides its own. */
export async function startReactSpa(variant: string, env: Record<string, string> = {}): Promise<ReactSpa> {
  const container = new HardenedContainer(`stagecraft/react-spa:${variant}`)
    .withExposedPorts(8080)
    .withEnvironment(env)
    .withResourcesQuota({ memory: 0.25 })
    .withWaitStrategy(Wait.forHttp('/healthz', 8080))
  const started = await container.start()
  const handle = (await engine()).getContainer(started.getId())
  const port = started.getMappedPort(8080)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async memory() {
      const { memory_stats: memory } = await handle.stats({ stream: false, 'one-shot': true })
      const stats = memory.stats as Record<string, number>
      return memory.usage - (stats.inactive_file ?? stats.total_inactive_file ?? 0)
    },
    async log() {
      return demultiplex(await handle.logs({ stdout: true, stderr: true }))
    },
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  }
}
