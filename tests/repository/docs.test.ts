import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readLines } from '@stagecraft/compare/bump/lines'
import { allScenarios } from '@stagecraft/compare/scenarios'
import { analyze } from '@stagecraft/dockerfile'
import { listApps } from '@stagecraft/engine'
import { root } from '@stagecraft/scripts/process'
import { bases } from '@stagecraft/scripts/stand-ins/bases'
import { describe, expect, it } from 'vitest'
import { hasDocker } from './has-docker.ts'

const pages = globSync('{*.md,docs/**/*.md,{apps,packages}/*/README.md}', { cwd: root })
const sources = globSync(['scripts/{*,stand-ins/*}.{ts,mjs}', 'packages/*/src/**/*.ts'], {
  cwd: root,
  exclude: (path) => path.endsWith('.test.ts'),
})
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
const suites = [
  ...globSync('{apps,packages,tests}/*', { cwd: root }).map((path) => basename(path)),
  ...execFileSync('node', [join(root, 'scripts/test.ts'), '--help'], { encoding: 'utf8' }).split(/\W+/),
]
const apps = await listApps(root)
/** Where docker is not installed, what it would say of a command stays unasked. */
const targets = new Set(
  hasDocker
    ? (JSON.parse(docker('buildx', 'bake', '--list=type=targets,format=json')) as { name: string }[]).map(
        ({ name }) => name,
      )
    : [],
)

function docker(...args: string[]): string {
  return execFileSync('docker', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

const compareHelp = execFileSync('node', [join(root, 'packages/compare/src/cli.ts'), '--help'], {
  encoding: 'utf8',
})

const workshopHelp = execFileSync('node', [join(root, 'packages/workshop/src/cli.ts'), '--help'], {
  encoding: 'utf8',
})

const raised = (await readLines(root)).map(({ name }) => name)

/** What is wrong with a command, as someone who types it would find; '' when nothing is. */
function problem(command: string): string {
  const [program, ...rest] = command.split(/\s+/)
  const words = rest.filter((word) => !word.startsWith('-'))
  const flags = rest.filter((word) => word.startsWith('--')).map((flag) => flag.split('=')[0] as string)
  const unknown = (names: string[], known: Iterable<string | undefined>): string =>
    names.filter((name) => ![...known].includes(name)).join(', ')
  const [, second = ''] = words
  if (!hasDocker && (program === 'docker' || words[0] === 'compare' || second === 'compare')) return ''
  switch (program) {
    case 'npm':
    case 'pnpm': {
      const [first = '', ...more] = words[0] === 'run' ? words.slice(1) : words
      // pnpm runs a dependency's own command where there is no script of that name.
      if (program === 'pnpm' && existsSync(join(root, 'node_modules/.bin', first))) return ''
      if (!scripts.includes(first)) return `no script ${first}`
      if (first === 'test') return unknown(more, suites)
      if (first === 'ladder') return unknown(more, ['docs/base-ladder.md'])
      if (first === 'workshop') {
        const commands = Array.from(workshopHelp.matchAll(/^ {2}([a-z]+)\b/gm), ([, name]) => name)
        return unknown(more.slice(0, 1), commands)
      }
      if (first === 'bump')
        return unknown(
          more.slice(0, 1).filter((word) => !word.startsWith('$')),
          ['pins', ...raised],
        )
      if (first !== 'compare') return unknown(more, [])
      const valueless = more
        .flatMap((word) => word.split(','))
        .filter((word) => !/^\d+$|\.md$|\.html$|\.json$|^mine[:.]|^\.\.\/mine|^sbom$|^<|^\[/.test(word))
      return (
        unknown(valueless, [...targets, ...allScenarios]) ||
        flags.filter((flag) => !compareHelp.includes(flag)).join(', ')
      )
    }
    case 'docker': {
      if (words[0] === 'buildx' && words[1] === 'bake') return unknown(words.slice(2), [...targets, 'mine'])
      if (words[0] === 'compose') {
        const isFile = (word: string): boolean => /\.ya?ml$/.test(word)
        const missing = words.filter((word) => isFile(word) && !existsSync(join(root, word)))
        const [verb = ''] = words.slice(1).filter((word) => !isFile(word))
        const help = docker('compose', verb, '--help')
        return [...missing, ...flags.filter((flag) => !help.includes(`${flag} `))].join(', ')
      }
      const verbs = words.slice(0, ['build', 'run'].includes(words[0] ?? '') ? 1 : 2)
      return docker(...verbs, '--help').includes('Usage:') ? '' : 'no such docker command'
    }
    case 'kubectl': {
      const folder = /--kustomize (\S+)/.exec(command)?.[1] ?? '.'
      return existsSync(join(root, folder)) ? unknown(words.slice(0, 1), ['apply', 'port-forward']) : folder
    }
    default: {
      const [, app] = /^APP=(\S+) pnpm contract$/.exec(command) ?? []
      return app ? unknown([app], apps) : `nothing checks ${program}`
    }
  }
}

/** Commands in running text: the code spans of a page, and those that a message of the source names. */
function inlineCommands(text: string): string[] {
  const commands =
    /(?:`|: )((?:npm (?:run [\w-]+|start|stop|test)|pnpm (?!install|deploy|exec)[\w-]+|docker buildx bake [\w-]+)(?: [^`'"\n]+(?=`))?)/g
  return [...text.matchAll(commands)].map(([, command]) => (command as string).trim())
}

it('the help of the commands fits into 80 columns', () => {
  const long = `${compareHelp}\n${workshopHelp}`.split('\n').filter((line) => line.length > 80)
  expect(long).toEqual([])
})

describe.each(pages)('%s', (page) => {
  const text = read(page)

  it('links only to what exists', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target as string)
    expect(links.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })

  it('shows only commands that work as written', () => {
    const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, body]) => (body as string).split('\n'))
    const commands = blocks
      .map((line) => line.replace(/\s+#.*/, '').trim())
      .filter((line) => line && !line.startsWith('export '))
      // A variable for one command.
      .map((line) => line.replace(/^(?!APP=)([A-Z_]+=\S+ )+/, ''))
    const problems = [...commands, ...inlineCommands(text)].map((one) => [one, problem(one)])
    expect(problems.filter(([, what]) => what)).toEqual([])
  })
})

it('the messages of the source name only commands that exist', () => {
  const wrong = sources.flatMap((path) =>
    inlineCommands(read(path))
      .filter(problem)
      .map((command) => `${path}: ${command}`),
  )
  expect(wrong).toEqual([])
})

it.each(apps)('the README says what the Dockerfile of %s is to be copied for', (app) => {
  const [, rows = ''] = /^## What to copy\n(.*?)^## /ms.exec(read('README.md')) ?? []
  expect(rows).toContain(`| [apps/${app}/Dockerfile](apps/${app}/Dockerfile) |`)
})

it.each(apps)('a page explains the Dockerfile of %s', (app) => {
  expect(read('README.md')).toContain(`(docs/dockerfiles/${app}.md)`)
  expect(existsSync(join(root, `docs/dockerfiles/${app}.md`))).toBe(true)
})

/** A stage as it stands in a Dockerfile, the comment above it included. */
function stageText(path: string, name: string): string {
  const text = read(path)
  const { stages, instructions } = analyze(text)
  const index = stages.findIndex((stage) => stage.name === name)
  const own = instructions.filter(({ stage }) => stage === index)
  const lines = text.split('\n')
  let first = (own[0]?.line ?? 0) - 1
  while (lines[first - 1]?.startsWith('#')) first--
  return lines.slice(first, own.at(-1)?.endLine).join('\n')
}

it.each(globSync('docs/dockerfiles/*.md', { cwd: root }))(
  'the stages in %s are those of the real files',
  async (page) => {
    const renewed = read(page).replaceAll(
      /^(<!-- (apps\/\S+) (\S+) -->\n)(\n```dockerfile\n.*?\n```\n)?/gms,
      (_, marker, path, stage) => `${marker}\n\`\`\`dockerfile\n${stageText(path, stage)}\n\`\`\`\n`,
    )
    await expect(renewed).toMatchFileSnapshot(join(root, page))
  },
)

it('set-up sees to every base image that the Dockerfiles start from, and to no other', () => {
  const starts = globSync('apps/*/Dockerfile*', { cwd: root }).flatMap((path) => {
    const text = read(path)
    const args = Object.fromEntries(
      [...text.matchAll(/^ARG (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
    )
    const images = [...text.matchAll(/^FROM (?:--\S+ )?(\S+)(?: AS (\S+))?$/gm)].map(
      ([, image = '', stage]) => ({
        image: image.replaceAll(/\$\{(\w+)\}/g, (_, name) => args[name] ?? ''),
        stage,
      }),
    )
    return images
      .map(({ image }) => image)
      .filter((image) => image !== 'scratch' && !images.some(({ stage }) => stage === image))
  })
  expect([...new Set(starts)].toSorted()).toEqual(bases.map(({ name }) => name).toSorted())
})

it('docs/set-up.md lists every error of set-up, and no other', () => {
  const source = sources.filter((path) => path.startsWith('scripts/')).map(read)
  const literal = /new SetupError\(\s*(?:'([^']+)'|`((?:\\`|[^`])+)`)/g
  const thrown = source
    .flatMap((text) =>
      [...text.matchAll(literal)].map(([, plain, template]) => plain ?? (template as string)),
    )
    .map((text) => text.replaceAll('\\`', '`').replaceAll(/"?\$\{[^}]*\}"?/g, '…'))
  const [, table = ''] = read('docs/set-up.md').split('| it says | do |')
  const listed = [...table.matchAll(/^\| (?!-)(.+?) \|/gm)].map(([, text]) => text as string)
  const shape = (text: string): string =>
    text
      .replace(/\\n.*/s, '')
      .replaceAll(/[…. ]+/g, ' ')
      .trim()
  expect(listed.map(shape).toSorted()).toEqual(thrown.map(shape).toSorted())
})

it('the Dockerfiles name the tool versions that the workspace pins', () => {
  const pnpm = JSON.parse(read('package.json')).packageManager.replace('pnpm@', '')
  const turbo = /^ {2}turbo: (.+)$/m.exec(read('pnpm-workspace.yaml'))?.[1]
  for (const path of globSync('apps/*/Dockerfile*', { cwd: root })) {
    const args = Object.fromEntries(
      [...read(path).matchAll(/^ARG (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
    )
    if (args.PNPM_VERSION) expect(args.PNPM_VERSION, path).toBe(pnpm)
    if (args.TURBO_VERSION) expect(args.TURBO_VERSION, path).toBe(turbo)
  }
})
