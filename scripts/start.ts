import { createServer } from 'node:net'
import type { BakeImage } from '../packages/engine/src/index.ts'
import type { Report } from '../packages/report/src/schema.ts'
import { ensureEngine } from './engine.ts'
import { attempt, failureOf, interrupt, main, readArguments, root, run, SetupError, say } from './process.ts'
import { serveWithoutEngine } from './serve-without-engine.ts'
import { installPackages } from './setup.ts'
import { bases as known } from './stand-ins/bases.ts'
import { ensureBases } from './stand-ins/ensure.ts'

const usage = `Usage: npm start [-- options]

Sets up what is missing, builds, starts and measures every image, and serves the
dashboard as soon as its own images are there. Ends with the comparison and
leaves the dashboard running; npm stop takes it down. Without a Docker Engine it
serves the dashboard with published figures until Ctrl-C.

Options:
  --stand-ins   build base images that a registry does not give

Examples:
  npm start
  PORT=9000 npm start             the dashboard at another port than 8080
  npm start -- --stand-ins

Exit codes: 0 measured; 1 an image, the engine or set-up failed; 2 wrong usage;
130 interrupted, what is measured stays on the dashboard.`

const port = Number(process.env.PORT ?? 8080)
const url = `http://127.0.0.1:${port}`

async function start(standIns: boolean): Promise<void> {
  await requirePort()
  const installed = installPackages()
  // Reported where it is waited for.
  installed.catch(() => undefined)
  const missing = await failureOf(ensureEngine())
  await installed
  await (missing ? serveWithoutEngine(missing, port) : measureImages(standIns))
}

async function measureImages(standIns: boolean): Promise<void> {
  // From here on the packages are there.
  const { bakeImages, baseImages } = await import('../packages/engine/src/index.ts')
  const { measure } = await import('../packages/compare/src/measure.ts')
  const { narrate } = await import('../packages/compare/src/narrate.ts')
  const { publisher } = await import('../packages/compare/src/publish.ts')
  const { renderFailures, renderTerminal } = await import('../packages/compare/src/render.ts')

  const images = await bakeImages(root)
  const batches = inOrder(images)
  const stack = batches[0] ?? []
  const basesOf = async (chosen: readonly BakeImage[]) => {
    const names = await baseImages(root, chosen)
    return names.filter((name) => known.some((base) => base.name === name))
  }
  // What the page does not need waits until it shows something.
  const shown = Promise.withResolvers<void>()
  const { bases } = ensureBases(await basesOf(batches.flat()), {
    standIns,
    hold: { count: (await basesOf(stack)).length, until: shown.promise },
  })

  let page: ReturnType<typeof publisher> | undefined
  let notServed: SetupError | undefined
  let latest: Report | undefined
  let sent = 0
  const send = (grown: Report): void => {
    sent = Date.now()
    page?.send(grown)
  }
  // One step may take minutes, and a page that hears nothing for one would take it for a stop.
  const alive = setInterval(() => {
    const seconds = Math.round((Date.now() - sent) / 1000)
    if (latest?.doing) page?.send({ ...latest, doing: `${latest.doing}, ${seconds} s`.slice(0, 200) })
  }, 20_000)
  const report = await measure(batches, {
    root,
    build: true,
    contract: false,
    signal: interrupt.signal,
    base: async (name) => {
      await bases.get(name)?.catch((error: Error) => {
        throw error instanceof SetupError ? new Error(`${error.message}\n${error.next}`) : error
      })
    },
    async first(built) {
      if (!stack.every((image) => built.includes(image))) return
      notServed = await failureOf(serveStack())
      if (notServed) say('dashboard', notServed.message)
      else page = publisher(url)
    },
    onReport(grown, news) {
      latest = grown
      narrate(grown, news)
      const settled = grown.images.length + (grown.failures?.length ?? 0)
      if (settled >= stack.length) shown.resolve()
      // Every step of a build is more than a page can show.
      if (!('steps' in news) || Date.now() - sent > 10_000) send(grown)
    },
  }).finally(() => {
    shown.resolve()
    clearInterval(alive)
  })

  if (report.images.length > 0) console.log(`\n${renderTerminal(report)}`)
  if (report.failures) console.error(`\n${renderFailures(report)}`)
  if (page) {
    await page.settle().catch((error: Error) => {
      throw new SetupError(error.message, 'See what it says: docker compose logs')
    })
    console.log(`\nThe dashboard: ${url}`)
    console.log('Stop it with: npm stop')
  }
  if (notServed) throw notServed
  if (report.state === 'interrupted') {
    console.error('\nInterrupted. Measure the rest with: npm start')
    process.exitCode = 130
  } else if (report.failures) {
    console.error(`\n${report.failures.length} of ${images.length} images could not be measured.`)
    process.exitCode = 1
  }
}

/** What the dashboard needs, then the other images of its apps, then the other apps. */
function inOrder(images: readonly BakeImage[]): BakeImage[][] {
  const inWorkspace = ({ context }: BakeImage): boolean => context === '.'
  const stack = images.filter((image) => inWorkspace(image) && image.variant === 'prod')
  const others = images.filter((image) => !stack.includes(image))
  const [first, last] = [others.filter(inWorkspace), others.filter((image) => !inWorkspace(image))]
  const apps = [...new Set(last.map(({ app }) => app))]
  // Two apps at a time keep every processor busy.
  const pairs = apps.flatMap((app, index) => (index % 2 === 0 ? [[app, apps[index + 1]]] : []))
  return [stack, first, ...pairs.map((pair) => last.filter(({ app }) => pair.includes(app)))]
}

async function serveStack(): Promise<void> {
  const logs = 'See what it says: docker compose logs'
  await run('docker', ['compose', 'up', '--detach', '--wait', '--wait-timeout', '60'], logs, { log: 'stack' })
  await requirePage()
  say('dashboard', `${url} shows each image as soon as it is measured`)
}

/** Fails early, before any long step, when something that is not this stack holds the port. */
async function requirePort(): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SetupError(`PORT is "${process.env.PORT}", not a port.`, 'Set it to a number from 1 to 65535.')
  }
  const { stdout } = await attempt('docker', ['compose', 'ps', '--quiet'])
  if (stdout.trim()) return
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.on('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  if (await promise) return
  throw new SetupError(
    `Port ${port} is taken by another program.`,
    `Stop it, or choose another port: PORT=${port + 1} npm start`,
  )
}

/** Asks for what a browser would: the page and its script. */
async function requirePage(): Promise<void> {
  const page = await (await ask('/')).text()
  const script = /<script [^>]*src="([^"]+)"/.exec(page)?.[1]
  await ask(script ?? '/the script that the page should name')
}

async function ask(path: string): Promise<Response> {
  const response = await fetch(url + path, { signal: interrupt.signal })
  if (response.ok) return response
  throw new SetupError(
    `The dashboard does not work: ${path} answered ${response.status}`,
    'See what it says: docker compose logs',
  )
}

const asked = readArguments({ 'stand-ins': { type: 'boolean' } }, usage, 'npm start')
if (asked) await main(() => start(asked.values['stand-ins'] ?? false))
