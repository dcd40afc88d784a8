import { WorkshopError } from '../errors.ts'
import { loadExercises, loadGlossary, loadTracks } from '../load.ts'
import { words } from '../messages/words.ts'
import { say, style } from '../print.ts'
import { listProgress } from '../progress.ts'
import { type Common, langOf, root } from '../session.ts'

/** Every exercise, by the order of the longest track, with minutes and how far one is. */
export async function list(options: Common): Promise<void> {
  const lang = langOf(options)
  const all = await loadExercises(root)
  const progress = await listProgress(all.map(({ exercise }) => exercise))
  const order = await orderOf()
  const rows = all
    .map(({ exercise, text }) => {
      const { slug, minutes, measured = false } = exercise
      const own = progress.find((each) => each.slug === slug)
      const state = own?.passed ? 'passed' : own ? 'started' : ''
      return { slug, title: text[lang].title, minutes: minutes.read + minutes.do, measured, state }
    })
    .sort((a, b) => place(order, a.slug) - place(order, b.slug))
  if (options.json) return say(JSON.stringify(rows, undefined, 2))
  const long = Math.max(...rows.map(({ slug }) => slug.length))
  for (const { slug, title, minutes, measured, state } of rows) {
    const said = state === 'passed' ? words[lang].passed : state === 'started' ? words[lang].started : ''
    const time = words[lang].minutes(minutes, measured)
    const room = 80 - long - 2 - 13 - 10
    const short = title.length > room ? `${title.slice(0, room - 1)}…` : title
    say(
      `${style('bold', slug.padEnd(long))}  ${short.padEnd(room)} ${time.padStart(12)} ${style('green', said)}`.trimEnd(),
    )
  }
  if (rows.some(({ measured }) => !measured)) say(`\n${words[lang].estimates}`)
  for (const { id, title, room } of await loadTracks(root))
    say(`pnpm workshop schedule ${id.padEnd(10)} ${words[lang].track(title[lang], room)}`)
}

/** Slugs in the order of the tracks, the longest first. */
export async function orderOf(): Promise<string[]> {
  const tracks = (await loadTracks(root)).toSorted((a, b) => b.parts.length - a.parts.length)
  return tracks.flatMap(({ parts }) => parts.flatMap((part) => ('exercise' in part ? [part.exercise] : [])))
}

const place = (order: readonly string[], slug: string) =>
  order.includes(slug) ? order.indexOf(slug) : order.length

/** A room's schedule with the times of the day. */
export async function schedule(id: string | undefined, options: Common & { from: string }): Promise<void> {
  const lang = langOf(options)
  const tracks = await loadTracks(root)
  const track = id === undefined ? tracks[0] : tracks.find((each) => each.id === id)
  if (!track)
    throw new WorkshopError(
      'unknown',
      `There is no track "${id}".`,
      `There are: ${tracks.map((each) => each.id).join(', ')}.`,
    )
  const [hours = 9, minutes = 0] = options.from.split(':').map(Number)
  if (!/^\d{1,2}:\d{2}$/.test(options.from) || hours > 23 || minutes > 59)
    throw new WorkshopError('usage', `"${options.from}" is no time of the day.`, 'As 09:00.')
  const all = await loadExercises(root)
  let at = hours * 60 + minutes
  const rows = track.parts.map((part) => {
    const loaded =
      'exercise' in part ? all.find(({ exercise }) => exercise.slug === part.exercise) : undefined
    const own = loaded?.exercise.minutes
    const length = 'minutes' in part ? part.minutes : (own?.read ?? 0) + (own?.do ?? 0)
    const title = 'title' in part ? part.title[lang] : (loaded?.text[lang].title ?? part.exercise)
    const row = {
      at: clock(at),
      minutes: length,
      ...('exercise' in part && { exercise: part.exercise }),
      title,
    }
    at += length
    return row
  })
  if (options.json)
    return say(JSON.stringify({ id: track.id, room: track.room, rows, ends: clock(at) }, undefined, 2))
  say(style('bold', words[lang].track(track.title[lang], track.room)))
  for (const row of rows)
    say(
      `${row.at}  ${String(row.minutes).padStart(3)} min  ${row.exercise ? `${row.exercise}: ` : ''}${row.title}`,
    )
  say(clock(at))
}

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** The terms in both languages. */
export async function glossary(options: Common): Promise<void> {
  const lang = langOf(options)
  const terms = await loadGlossary(root)
  if (options.json) return say(JSON.stringify(terms, undefined, 2))
  for (const { en, es, means } of terms) {
    say(style('bold', en === es ? en : `${en} / ${es}`))
    say(`  ${means[lang]}`)
  }
}
