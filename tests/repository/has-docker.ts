import { spawnSync } from 'node:child_process'

/** Whether docker and buildx are there, which alone read the bake file; no engine is asked. */
export const hasDocker = spawnSync('docker', ['buildx', 'version']).status === 0
