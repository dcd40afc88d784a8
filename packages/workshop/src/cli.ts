import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { cacheFolder } from './places.ts'

// A third of what a check takes when nothing has changed.
enableCompileCache(join(cacheFolder(), 'compiled'))
await import('./program.ts')
