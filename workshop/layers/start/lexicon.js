// `build` makes lexicon.json out of words.txt, by way of 24 MB of work files; `serve` answers with it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

const commands = {
  build() {
    const words = readFileSync('words.txt', 'utf8').trim().split('\n')
    mkdirSync('work', { recursive: true })
    for (let part = 0; part < 24; part++) {
      const line = `${part} ${words.join(' ')}\n`
      writeFileSync(`work/${part}.part`, line.repeat(Math.ceil(1e6 / line.length)).slice(0, 1e6))
    }
    const entries = words.map((word) => [word, { word, letters: word.length, padding: '.'.repeat(20_000) }])
    writeFileSync('lexicon.json', JSON.stringify(Object.fromEntries(entries)))
  },
  serve() {
    const lexicon = JSON.parse(readFileSync('lexicon.json', 'utf8'))
    createServer(({ url }, response) => {
      const { padding, ...entry } = lexicon[url.slice(1)] ?? { words: Object.keys(lexicon).length }
      response.end(JSON.stringify(entry))
    }).listen(8080)
    process.on('SIGTERM', () => process.exit())
  },
}

commands[process.argv[2]]()
