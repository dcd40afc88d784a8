import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import fastify from 'fastify'
import { marked } from 'marked'
import { WorkshopError } from '../errors.ts'
import { type Lang, langs } from '../lang.ts'
import { type Loaded, listSlugs, loadExercises, loadTracks, type Track } from '../load.ts'
import { say } from '../print.ts'
import { type Common, langOf, openExercise, root } from '../session.ts'
import { solutionPatch } from './help.ts'

const headings: Record<Lang, Record<string, string>> = {
  en: {
    overview: 'Workshop',
    instructor: 'For you',
    brief: 'The task',
    files: 'What they begin with',
    predict: 'Ask first: what will happen?',
    hints: 'Hints',
    mistakes: 'What goes wrong, and what the check says',
    solution: 'A solution',
    debrief: 'At the end',
    back: 'All exercises',
    others: 'Others',
    minutes: 'min',
  },
  es: {
    overview: 'Taller',
    instructor: 'Para ti',
    brief: 'La tarea',
    files: 'Con lo que empiezan',
    predict: 'Pregunta primero: ¿qué va a pasar?',
    hints: 'Pistas',
    mistakes: 'Lo que sale mal y lo que dice la comprobación',
    solution: 'Una solución',
    debrief: 'Al final',
    back: 'Todos los ejercicios',
    others: 'Otros',
    minutes: 'min',
  },
}

/** Pages for the instructor on loopback: for each exercise, what to show at each step. */
export async function serve(options: Common & { port: string }, signal: AbortSignal): Promise<void> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new WorkshopError('usage', `"${options.port}" is no port.`, 'A number up to 65535: --port 8090')
  const usual = langOf(options)
  const app = fastify()
  const langIn = (query: unknown): Lang => {
    const { lang } = query as { lang?: string }
    return langs.find((each) => each === lang) ?? usual
  }
  app.addHook('onRequest', async (_, reply) => void reply.type('text/html; charset=utf-8'))
  app.get('/', async ({ query }) => overview(langIn(query)))
  // What the texts link to.
  app.get<{ Params: { '*': string } }>('/apps/*', async ({ params }, reply) => {
    const file = resolve(root, 'apps', params['*'])
    const text = file.startsWith(join(root, 'apps/')) ? await readFile(file, 'utf8').catch(() => '') : ''
    return reply
      .code(text ? 200 : 404)
      .type('text/plain; charset=utf-8')
      .send(text)
  })
  app.get<{ Params: { slug: string } }>('/:slug', async ({ params, query }, reply) => {
    if (!(await listSlugs(root)).includes(params.slug))
      return reply.code(404).send(page('404', langIn(query), ''))
    return exercisePage(await openExercise(params.slug), langIn(query))
  })
  const address = await app.listen({ host: '127.0.0.1', port }).catch((error) => {
    throw new WorkshopError('usage', `Port ${port} is taken: ${error.message}`, 'Name another: --port 8091')
  })
  say(`${address}  (Ctrl-C)`)
  await once(signal, 'abort')
  await app.close()
}

async function overview(lang: Lang): Promise<string> {
  const [tracks, all] = await Promise.all([loadTracks(root), loadExercises(root)])
  const inTracks = new Set(
    tracks.flatMap(({ parts }) => parts.flatMap((part) => ('exercise' in part ? part.exercise : []))),
  )
  const others = all.filter(({ exercise }) => !inTracks.has(exercise.slug))
  const item = ({ exercise, text }: Loaded) =>
    `<li><a href="/${exercise.slug}?lang=${lang}">${html(text[lang].title)}</a> <small>${exercise.minutes.read + exercise.minutes.do} ${headings[lang].minutes}</small></li>`
  const part = (each: Track['parts'][number]) => {
    if ('minutes' in each)
      return `<li>${html(each.title[lang])} <small>${each.minutes} ${headings[lang].minutes}</small></li>`
    const loaded = all.find(({ exercise }) => exercise.slug === each.exercise)
    return loaded ? item(loaded) : ''
  }
  const sections = tracks.map(
    ({ title, parts, room }) =>
      `<h2>${html(title[lang])} <small>${room} ${headings[lang].minutes}</small></h2><ol>${parts.map(part).join('')}</ol>`,
  )
  const rest =
    others.length > 0 ? `<h2>${headings[lang].others}</h2><ul>${others.map(item).join('')}</ul>` : ''
  return page(headings[lang].overview as string, lang, sections.join('') + rest)
}

async function exercisePage(loaded: Loaded, lang: Lang): Promise<string> {
  const { exercise, text, folder } = loaded
  const { sections, title } = text[lang]
  const told = (name: string) => marked.parse(sections.get(name)?.text ?? '', { async: false })
  const head = (name: string) => `<h2>${headings[lang][name]}</h2>`
  const file = exercise.build?.file ?? 'Dockerfile'
  const start = await readFile(join(folder, 'start', file), 'utf8').catch(() => '')
  const patch = await solutionPatch(loaded, join(folder, 'start'))
  const details = (name: string, inner: string) =>
    `<details><summary>${html(name)}</summary>${inner}</details>`
  const body = [
    `<p><a href="/?lang=${lang}">${headings[lang].back}</a></p>`,
    head('instructor') + told('instructor'),
    head('brief') + told('brief'),
    start && head('files') + code(start),
    exercise.predict &&
      head('predict') +
        exercise.predict
          .map(
            ({ id, choices }) =>
              told(`predict:${id}`) +
              (choices ? `<p>${html(choices.join(' / '))}</p>` : '') +
              details(id, told(`predicted:${id}`)),
          )
          .join(''),
    head('hints') + [1, 2, 3].map((number) => details(String(number), told(`hint-${number}`))).join(''),
    head('mistakes') + exercise.mistakes.map(({ id }) => details(id, told(`mistake:${id}`))).join(''),
    patch && head('solution') + details('diff', code(patch)),
    head('debrief') + told('debrief'),
  ]
  return page(title, lang, body.filter(Boolean).join('\n'))
}

const html = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const code = (text: string) => `<pre><code>${html(text)}</code></pre>`

function page(title: string, lang: Lang, body: string): string {
  const other = lang === 'en' ? 'es' : 'en'
  return `<!doctype html>
<html lang="${lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${html(title)}</title>
<style>
  :root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
  body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
  pre { overflow-x: auto; padding: 0.8rem; border: 1px solid; font-size: 0.95rem }
  code { font-family: ui-monospace, monospace }
  details { margin: 0.4rem 0; border-left: 3px solid; padding-left: 0.8rem }
  summary { cursor: pointer }
</style>
<h1>${html(title)}</h1>
<p><a href="?lang=${other}" hreflang="${other}">${other === 'es' ? 'Español' : 'English'}</a></p>
${body}
</html>`
}
