import { execa } from 'execa'

/**
 * Compiles programs for the machine that runs the tests, which need not be the engine's.
 * @param context absolute path of a folder whose Dockerfile takes GOOS and GOARCH
 * @param destination absolute path of the folder that gets them
 * @throws Error with the build's output
 */
export async function buildHostTools(context: string, destination: string): Promise<void> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  await execa('docker', [
    'buildx',
    'build',
    '--builder=default',
    '--quiet',
    `--build-arg=GOOS=${system}`,
    `--build-arg=GOARCH=${architecture}`,
    `--output=type=local,dest=${destination}`,
    context,
  ])
}
