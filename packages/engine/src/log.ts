import { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type Dockerode from 'dockerode'
import { engine } from './engine.ts'

/** What a container wrote, by stream, and all of it in its order. */
export interface ContainerLog {
  stdout: string
  stderr: string
  both: string
}

/** @param tail how many of the last lines; all if left out */
export async function readLog(container: Dockerode.Container, tail?: number): Promise<ContainerLog> {
  const frames = await container.logs({ stdout: true, stderr: true, ...(tail && { tail }) })
  const all: Buffer[] = []
  const out: Buffer[] = []
  const err: Buffer[] = []
  const into = (own: Buffer[]) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        all.push(chunk)
        own.push(chunk)
        done()
      },
    })
  // In pieces: dockerode's reader recurses once for each frame of a chunk.
  const pieces = Readable.from(
    (function* () {
      for (let at = 0; at < frames.length; at += 16_384) yield frames.subarray(at, at + 16_384)
    })(),
  )
  ;(await engine()).modem.demuxStream(pieces, into(out), into(err))
  await finished(pieces)
  const [both = '', stdout = '', stderr = ''] = [all, out, err].map((parts) =>
    Buffer.concat(parts).toString(),
  )
  return { stdout, stderr, both }
}
