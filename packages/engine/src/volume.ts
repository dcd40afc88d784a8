import { engine, removedWithThisProcess } from './engine.ts'

/** A volume with nothing in it. Disposing removes it, as does the end of this process. */
export async function createVolume(): Promise<{ name: string } & AsyncDisposable> {
  const docker = await engine()
  const { name } = await docker.createVolume({ Labels: removedWithThisProcess() })
  return { name, [Symbol.asyncDispose]: () => docker.getVolume(name).remove({ force: true }) }
}
