#!/usr/bin/env node
// The door: runs on any Node from 20, sees to Node 26 and the pinned pnpm, then hands over to them.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// import.meta.dirname is younger than Node 20.
const root = fileURLToPath(new URL('..', import.meta.url))
const commands = ['start', 'stop', 'test', 'setup', 'remove-stand-ins']
const nodeLine = 26
const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.split('@')[1]
const tools = join(root, '.tools')
const bin = join(tools, 'node_modules/.bin')

const [command = '', ...args] = process.argv.slice(2)
if (!commands.includes(command)) {
  console.error(
    `There is no command "${command}". There are: ${commands.map((name) => `npm run ${name}`).join(', ')}`,
  )
  process.exit(2)
}

/** @param {string} tool */
function version(tool) {
  const { stdout } = spawnSync(tool, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' })
  return (stdout ?? '').trim().replace(/^v/, '')
}

function toolsFit() {
  return Number.parseInt(version('node'), 10) >= nodeLine && version('pnpm') === pnpm
}

const hadTools = toolsFit()
process.env.PATH = `${bin}${delimiter}${process.env.PATH}`
if (!hadTools && !toolsFit()) {
  console.error(`toolchain   installing Node ${nodeLine} and pnpm ${pnpm} into .tools`)
  // Installed beside and moved into place, so that an interrupted install is never taken for a whole one.
  const part = `${tools}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part)
  // npm from 11 asks which packages may run install scripts; both link their binary in one.
  writeFileSync(
    join(part, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { node: true, pnpm: true } }),
  )
  const install = [
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `node@${nodeLine}`,
    `pnpm@${pnpm}`,
  ]
  const { status } = spawnSync('npm', install, { cwd: part, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) {
    console.error(
      '\nNode and pnpm could not be installed from the npm registry.\nCheck the network, then run this again.',
    )
    process.exit(1)
  }
  rmSync(tools, { recursive: true, force: true })
  renameSync(part, tools)
}

// TypeScript that was stripped and compiled once is not stripped again.
process.env.NODE_COMPILE_CACHE ??= join(root, '.cache/node')
const child = spawn('node', [join(root, 'scripts', `${command}.ts`), ...args], {
  cwd: root,
  stdio: 'inherit',
})
// Ctrl-C reaches the whole process group; the child cleans up and its exit code is the answer.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))
}
child.on('exit', (code) => {
  if (code === 0 && !hadTools && ['start', 'setup'].includes(command)) {
    console.error(
      `For the everyday commands, put Node and pnpm on your path: export PATH="${bin}${delimiter}$PATH"`,
    )
  }
  process.exit(code ?? 1)
})
