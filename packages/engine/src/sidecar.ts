import type Dockerode from 'dockerode'
import { engine, removedWithThisProcess } from './engine.ts'
import { readLog } from './log.ts'

/** A base that is always there, with a shell. */
const image = 'node:26-trixie-slim'

/**
 * Runs a shell script, as root, beside a container whose image may have no shell, in some of that one's namespaces.
 * @returns what it wrote to stdout
 * @throws Error when the script fails or the image is missing
 */
export async function runBeside(script: string, namespaces: Dockerode.HostConfig): Promise<string> {
  const container = await (await engine()).createContainer({
    Image: image,
    Entrypoint: ['sh', '-c', script],
    User: '0',
    Labels: removedWithThisProcess(),
    HostConfig: namespaces,
  })
  try {
    await container.start()
    const { StatusCode } = await container.wait()
    const { stdout, both } = await readLog(container)
    if (StatusCode !== 0) throw new Error(`\`${script}\` failed (exit ${StatusCode}) in ${image}: ${both}`)
    return stdout
  } finally {
    await container.remove({ force: true, v: true })
  }
}
