/**
 * Ends the process when what it has printed is taken: a pipe takes 64 kB at a time, and what is left would be lost.
 * Where nobody reads on, it ends at once.
 */
export async function exit(code = process.exitCode): Promise<never> {
  process.stdout.on('error', () => process.exit(code))
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit(code)
}
