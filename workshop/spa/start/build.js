// Copies src/ to dist/. Scripts and styles get a name with the hash of their content, so that browsers may keep them.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
mkdirSync('dist/assets', { recursive: true })
let html = readFileSync('src/index.html', 'utf8')
for (const file of ['app.js', 'style.css']) {
  const content = readFileSync(`src/${file}`)
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8)
  const name = file.replace('.', `-${hash}.`)
  writeFileSync(`dist/assets/${name}`, content)
  html = html.replace(file, `/assets/${name}`)
}
writeFileSync('dist/index.html', html)
