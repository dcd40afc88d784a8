import { join } from 'node:path'
import { exit } from '@stagecraft/engine/exit'
import { replaceFile } from '@stagecraft/engine/replace-file'
import type { Report, Scenario } from '@stagecraft/report'
import { Command, InvalidArgumentError } from 'commander'
import { differBetween, differSince } from './difference/between.ts'
import { CompareError } from './errors.ts'
import { reportFailure } from './failure.ts'
import { narrate } from './narrate.ts'
import type { OtherOptions } from './others.ts'
import { publisher } from './publish.ts'
import { publish, readPublished, renderComparison } from './published.ts'
import { readReport } from './read-report.ts'
import { renderFailures, renderTerminal } from './render.ts'
import { allScenarios } from './scenarios/scenarios.ts'
import { printLine, showStatus } from './status.ts'

const root = join(import.meta.dirname, '../../..')

const usualDashboard = 'http://127.0.0.1:8080'

type Options = {
  build: boolean
  contract?: true
  runs?: number
  load?: true
  scenarios?: Scenario[]
  registry?: string
  image?: string[]
  platform?: string[]
  file?: string[]
  context?: string
  target?: string
  bake?: string[]
  port?: number
  ready?: string
  against?: string
  dashboard?: string | true
  sbom?: string
  budget?: true
  fresh?: true
  json?: true
  markdown?: true
  output?: string
  html?: string
  publish?: true
  debug?: true
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 1000) {
    throw new InvalidArgumentError('It is a whole number from 1 to 1000.')
  }
  return value
}

function collect(name: string, names: string[] = []): string[] {
  return [...names, name]
}

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('It is a whole number from 1 to 65535.')
  return value
}

function scenarioNames(text: string): Scenario[] {
  if (text === 'all') return allScenarios
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !allScenarios.some((each) => each === name))
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `There is no "${unknown}": name all, or some of ${allScenarios.join(',')}.`,
    )
  return names as Scenario[]
}

const program = new Command('compare')
  .description('Builds images of the bake file, reads and boots each, and compares them.')
  .argument('[targets...]', 'bake targets or groups; all of them, if nothing is named')
  .option('--json', 'print the report as JSON, and nothing else')
  .option('--markdown', 'print the comparison as Markdown')
  .option('-o, --output <file>', 'also write the JSON report to a file')
  .option('--html <file>', 'also write the dashboard with this report as one file')
  .option('--publish', 'renew docs/report.json and the tables made of it, the contract included')
  .option('-n, --runs <count>', 'starts and builds of each image (default: 3)', positive)
  .option('--contract', 'also check which promises of the contract each image keeps')
  .option('--load', 'also memory and stopping under requests, and the program without a container')
  .option(
    '--scenarios <names>',
    'also what builds after a change cost: all, or some, as line,scripts',
    scenarioNames,
  )
  .option('--registry <address>', 'push these builds there (default: an empty registry on loopback)')
  .option(
    '--image <name>',
    'an image of your own, or an archive or OCI layout on disk; more than once',
    collect,
  )
  .option(
    '--platform <name>',
    'of an archive with several, the one to read, as linux/arm64; more than once',
    collect,
  )
  .option('--file <Dockerfile>', 'a Dockerfile of your own, which is built; more than once', collect)
  .option('--context <folder>', 'its build context (default: its folder)')
  .option('--target <stage>', 'the stage of it to build (default: the last)')
  .option('--bake <file>', 'what a bake file of your own builds; more than once', collect)
  .option('--port <number>', 'where such an image listens (default: by its health check or EXPOSE)', port)
  .option('--ready <path>', 'what such an image answers with 200 (default: by its health check, or /)')
  .option('--against <file>', 'what has changed since a report that --output wrote')
  .option('--sbom <folder>', 'also write what is in each image as CycloneDX, a file for each')
  .option('--budget', 'fail when an image adds more to its base than its app allows, and say by what')
  .option('--dashboard [url]', 'show the figures as they come on the dashboard of `npm start`')
  .option('--fresh', 'build and start each image, also where it is the same as the last time')
  .option('--no-build', 'compare the images as they are')
  .option('--debug', 'show stack traces')
  .addHelpText(
    'after',
    `
Examples:
  pnpm compare                                 every image, as a table
  pnpm compare express-api-prod                one image
  pnpm compare prod distroless --runs 20       two groups, measured more often
  pnpm compare prod --load                     under requests, without Docker
  pnpm compare node-hello --scenarios all      what builds after a change cost
  pnpm compare go-hello-prod go-hello-scratch  what only one of the two has
  pnpm compare --image mine:latest             your image, and what it is like
  pnpm compare --file ../mine/Dockerfile       your Dockerfile: built, checked
  pnpm compare prod --against report.json      what has changed since a report
  pnpm compare --scenarios all --dashboard     all builds, on npm start's page
  pnpm compare prod --budget --sbom sbom       for CI: fails when one has grown
  pnpm compare --contract --output report.json keep all of it as JSON
  pnpm compare prod --html report.html         the dashboard as one file
  pnpm compare --json | jq '.images[].size'    sizes for another program
  pnpm compare --publish                       renew the README's tables, docs/

Exit codes: 0 compared; 1 a build, an image or the engine failed; 2 wrong usage;
130 interrupted.`,
  )
  .showHelpAfterError('Try: pnpm compare --help')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

async function main(targets: string[], options: Options, signal: AbortSignal): Promise<void> {
  // Loaded when needed: the engine's client takes longer to load than --help to print.
  const { selectImages } = await import('./select-images.ts')
  const { measure } = await import('./measure.ts')
  const { overBudget } = await import('./budget.ts')
  const { examine, isOnDisk, nameOther, requireOther } = await import('./others.ts')
  const { examineRecipe, recipeOfFile, recipesOfBake } = await import('./recipes.ts')
  if ((options.context || options.target) && !options.file)
    throw new CompareError(
      'UNKNOWN_TARGET',
      '--context and --target are of a Dockerfile.',
      'Name it: --file ../mine/Dockerfile',
    )
  const archives = (options.image ?? []).filter(isOnDisk)
  if (options.platform && archives.length === 0)
    throw new CompareError(
      'UNKNOWN_TARGET',
      '--platform is of an archive with images for several.',
      'Name it: --image mine.tar',
    )
  for (const name of options.image ?? []) await requireOther(name)
  const recipes = [
    ...(options.file ?? []).map((file) => recipeOfFile(file, options.context, options.target)),
    ...(await Promise.all((options.bake ?? []).map(recipesOfBake))).flat(),
  ]
  const others = [
    ...(options.image ?? []).flatMap((name) =>
      (archives.includes(name) ? (options.platform ?? [undefined]) : [undefined]).map((platform) => ({
        name: nameOther(name, platform),
        look: (how: OtherOptions) => examine(name, { ...how, platform }),
      })),
    ),
    ...recipes.map((recipe) => ({
      name: recipe.name,
      look: (how: OtherOptions) => examineRecipe(recipe, how),
    })),
  ]
  const before = options.against ? await readReport(options.against) : undefined
  const named = targets.length > 0 ? targets : others.length > 0 ? [] : ['all']
  const images = named.length > 0 ? await selectImages(root, named) : []
  if (options.publish && targets.length > 0)
    throw new CompareError(
      'UNKNOWN_TARGET',
      'Only a comparison of every image is published.',
      'Name no target.',
    )
  const dashboard =
    options.dashboard && publisher(options.dashboard === true ? usualDashboard : options.dashboard)
  const report = await measure(inBatches(images), {
    root,
    build: options.build,
    ...(!options.publish && { memory: options.fresh ? 'renew' : 'use' }),
    contract: options.contract === true || options.publish === true,
    ...(options.runs && { runs: options.runs }),
    ...(options.load && { load: true }),
    ...(options.scenarios && { scenarios: options.scenarios }),
    ...(options.registry && { registry: options.registry }),
    signal,
    onReport: (grown, news) => {
      narrate(grown, news)
      if (dashboard) dashboard.send(grown)
    },
  })
  if (dashboard)
    await dashboard.settle().catch((error: Error) => {
      printLine(`The dashboard did not take the report: ${error.message}`)
      printLine('Start it (npm start), or name another one: --dashboard http://127.0.0.1:8080')
      process.exitCode = 1
    })
  const { port, ready, runs, load } = options
  const references = others.length > 0 ? await selectImages(root, ['all']) : []
  for (const { name, look } of others) {
    try {
      const other = await look({ port, ready, runs, load, references, signal, doing: showStatus })
      report.others = [...(report.others ?? []), other]
    } catch (error) {
      signal.throwIfAborted()
      printLine(`${name} failed: ${(error as Error).message}`)
      process.exitCode = 1
    }
  }
  showStatus(undefined)
  const differences = [...differBetween(report), ...(before ? differSince(before, report) : [])]
  if (differences.length > 0) report.differences = differences
  if (options.sbom) await writeSboms(options.sbom, report)
  if (options.output) await replaceFile(options.output, `${JSON.stringify(report, null, 2)}\n`)
  if (options.html) {
    showStatus('writing the dashboard')
    const { renderHtml } = await import('./html.ts')
    await replaceFile(options.html, await renderHtml(root, report))
    showStatus(undefined)
  }
  const whole = report.state === 'done' && !report.failures
  if (options.publish && whole) await publish(root, report)
  else if (options.publish) process.stderr.write('Nothing is published: not every image was measured.\n')
  if (options.json) console.log(JSON.stringify(report, null, 2))
  else if (options.markdown) console.log(renderComparison(report))
  else if (report.images.length > 0 || report.others) console.log(`\n${renderTerminal(report)}`)
  const over = options.budget ? await overBudget(root, report, await readPublished(root)) : []
  for (const text of [renderFailures(report), ...over].filter(Boolean)) {
    process.stderr.write(`\n${text}\n`)
    process.exitCode = 1
  }
  signal.throwIfAborted()
}

/** Writes `<app>-<variant>.cdx.json` for each image, and for another one by its name. */
async function writeSboms(folder: string, { images, others = [] }: Report): Promise<void> {
  const { toCycloneDx } = await import('./sbom.ts')
  const named = [
    ...images.map((image) => [`${image.app}-${image.variant}`, image] as const),
    ...others.map((other) => [other.image.replaceAll(/[^\w.-]+/g, '-').replace(/^-+/, ''), other] as const),
  ]
  for (const [name, image] of named) await replaceFile(join(folder, `${name}.cdx.json`), toCycloneDx(image))
}

/** How many images are built and started together, so that a slow minute of the machine falls on all of them. */
const together = 8

/** More than those go app by app, so that there are figures soon. */
function inBatches<Image extends { app: string }>(images: readonly Image[]): (readonly Image[])[] {
  if (images.length <= together) return [images]
  return Object.values(Object.groupBy(images, ({ app }) => app)).map((group = []) => group)
}

program.parse()
const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort())
const options = program.opts<Options>()
try {
  await main(program.processedArgs[0], options, interrupt.signal)
  await exit()
} catch (error) {
  // Not only the code: a check of the contract that is under way would go on to its end.
  await exit(reportFailure(error, interrupt.signal.aborted, options.debug === true))
}
