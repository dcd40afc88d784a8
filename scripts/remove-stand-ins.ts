import { main } from './process.ts'
import { removeStandIns } from './stand-ins/ensure.ts'

await main(async () => {
  const removed = await removeStandIns()
  console.log(removed.length > 0 ? `Removed ${removed.join(', ')}.` : 'There are no stand-ins.')
})
