import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '@stagecraft/scripts/process'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { arrive, type Learner } from './learner.ts'

const solve = async (learner: Learner, slug: string) => {
  const solution = join(root, 'workshop', slug, 'solution')
  for (const name of await readdir(solution))
    await writeFile(join(learner.folder(slug), name), await readFile(join(solution, name)))
}

/** Lines of a terminal of eighty columns. */
const tooLong = (said: string) =>
  said.split('\n').filter((line) => line.length > 80 && !/[~/]\S{30}/.test(line))

describe('an exercise, played', () => {
  it.each([
    ['en', 'Nothing has changed', 'All checks passed', 'Hint 1 of 3'],
    ['es', 'No ha cambiado nada', 'Todas las comprobaciones superadas', 'Pista 1 de 3'],
  ])('in %s: handed out, predicted, checked, helped, solved', async (lang, unchanged, passed, hint) => {
    await using learner = await arrive()
    const said: string[] = []
    const type = async (command: string, input?: string) => {
      const answer = await learner.type(`${command} --lang ${lang}`, input)
      said.push(answer.said)
      return answer
    }
    expect((await type('start first-image')).code).toBe(0)
    const predicted = await type('predict', '2\n')
    expect(predicted.code).toBe(0)
    expect(await type('check')).toMatchObject({ code: 1 })
    expect((await type('check')).said).toContain(unchanged)
    expect((await type('solution')).code).toBe(1)
    for (const _ of [1, 2, 3]) await type('hint')
    expect(said.join('\n')).toContain(hint)
    const solution = await type('solution')
    expect(solution.said).toContain('+CMD ["flask", "run", "--host=0.0.0.0"]')
    await solve(learner, 'first-image')
    const done = await type('check')
    expect(done).toMatchObject({ code: 0 })
    expect(done.said).toContain(passed)
    expect(said.flatMap(tooLong)).toEqual([])
    const next = await type('next')
    expect(next.said).toContain('stagecraft-workshop/context')
  })

  it('tells how far one is, and begins anew without losing anything', async () => {
    await using learner = await arrive()
    await learner.type('start context')
    await writeFile(join(learner.folder('context'), 'mine.txt'), 'mine')
    const rows = JSON.parse((await learner.type('list --json')).said)
    expect(rows.find(({ slug }: { slug: string }) => slug === 'context')).toMatchObject({ state: 'started' })
    const { backup, folder } = JSON.parse((await learner.type('reset --json')).said)
    expect(await readFile(backup.replace('~', learner.home).concat('/mine.txt'), 'utf8')).toBe('mine')
    expect(await readdir(folder.replace('~', learner.home))).not.toContain('mine.txt')
  })
})

describe('a prediction', () => {
  it('is settled by the engine: with another Dockerfile, the answer is another', async () => {
    await using learner = await arrive()
    await learner.type('start cache-order')
    const answer = 'predict --json --answer line=6 --answer time=none'
    const before = JSON.parse((await learner.type(answer)).said)
    expect(before[0]).toMatchObject({ settled: [5, 6], right: false })
    expect(before[1]).toMatchObject({ settled: [], right: true })
    await solve(learner, 'cache-order')
    const after = JSON.parse((await learner.type(answer)).said)
    expect(after[0].settled).toEqual([6])
  })

  it('that is none is refused, with what would be one', async () => {
    await using learner = await arrive()
    await learner.type('start cache-order')
    expect(await learner.type('predict --answer line=many --answer time=none')).toEqual({
      said: expect.stringContaining('Numbers of lines: 3 5 6, or: none.'),
      code: 2,
    })
  })
})

it('watch checks again when a file is saved, and a newer save ends the check under way', async () => {
  await using learner = await arrive()
  await learner.type('start cache-order')
  const watching = execa(process.execPath, [join(root, 'packages/workshop/src/cli.ts'), 'watch', '--json'], {
    cwd: root,
    reject: false,
    env: { HOME: learner.home, DOCKER_CONFIG: join(process.env.HOME ?? '/root', '.docker') },
  })
  let said = ''
  watching.stdout.on('data', (chunk) => {
    said += chunk
  })
  await expect.poll(() => said).toContain('everything-first')
  const dockerfile = join(learner.folder('cache-order'), 'Dockerfile')
  // The first of two saves would be judged after seconds, were it not for the second.
  await writeFile(dockerfile, `FROM node:26-trixie-slim\nRUN sleep 600\n`)
  await writeFile(dockerfile, 'FORM x\n')
  await expect.poll(() => said).toContain('"id": "syntax"')
  await solve(learner, 'cache-order')
  await expect.poll(() => said).toContain('"passed": true')
  watching.kill('SIGINT')
  expect((await watching).exitCode).toBe(0)
})

it('serve shows the instructor each exercise, in both languages', async () => {
  const serving = execa(
    process.execPath,
    [join(root, 'packages/workshop/src/cli.ts'), 'serve', '--port', '0'],
    {
      cwd: root,
      reject: false,
    },
  )
  let said = ''
  serving.stdout.on('data', (chunk) => {
    said += chunk
  })
  await expect.poll(() => said).toContain('http://')
  const url = said.split(' ')[0] as string
  const overview = await (await fetch(`${url}/?lang=es`)).text()
  expect(overview).toContain('Media jornada')
  const page = await (await fetch(`${url}/cache-order?lang=en`)).text()
  expect(page).toContain('For you')
  expect(page).toContain('+COPY package.json package-lock.json ./')
  expect((await fetch(`${url}/nothing`)).status).toBe(404)
  const [, link = ''] = /href="(\.\.[^"]+)"/.exec(page) ?? []
  expect(await (await fetch(new URL(link, `${url}/cache-order`))).text()).toContain('FROM ')
  expect((await fetch(`${url}/apps/..%2fpackage.json`)).status).toBe(404)
  serving.kill('SIGINT')
  expect((await serving).exitCode).toBe(0)
})

it('a new exercise passes lint and test, and is not there twice', async () => {
  const slug = 'made-by-a-test'
  const folder = join(root, 'workshop', slug)
  await rm(folder, { recursive: true, force: true })
  await using learner = await arrive()
  try {
    expect((await learner.type(`new ${slug}`)).code).toBe(0)
    expect((await learner.type(`new ${slug}`)).code).toBe(1)
    expect((await learner.type(`lint ${slug}`)).code).toBe(0)
    const results = JSON.parse((await learner.type(`test ${slug} --json`)).said)
    expect(results.filter(({ right }: { right: boolean }) => !right)).toEqual([])
    expect(results).toHaveLength(10)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
