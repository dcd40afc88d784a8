/** What runs in a thread of threads.ts. */
import { parentPort } from 'node:worker_threads'
import { type LayerFile, readLayerFile } from './layer-file.ts'

parentPort?.on('message', async (file: LayerFile) => parentPort?.postMessage(await readLayerFile(file)))
