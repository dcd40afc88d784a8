import { main, run } from './process.ts'

await main(async () => {
  await run('docker', ['compose', 'down'], 'Check that the Docker Engine answers: docker version', {
    inherit: true,
  })
})
