import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '@stagecraft/report'
import type { Summary } from '@stagecraft/report/api'
import { build, type Rolldown } from 'vite'

/**
 * The dashboard with one report as a file that needs no server: its pages, styles and the report are in it.
 * @param root absolute path of the repository, whose dashboard it is
 */
export async function renderHtml(root: string, report: Report): Promise<string> {
  const app = join(root, 'apps/react-spa')
  const built = await build({
    root: app,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const { output } = built as Rolldown.RolldownOutput
  const code = output.find((file) => file.type === 'chunk')?.code ?? ''
  const asset = (ending: string) => {
    const found = output.find((file) => file.type === 'asset' && file.fileName.endsWith(ending))
    return found?.type === 'asset' ? String(found.source) : ''
  }
  const theme = await readFile(join(app, 'public/theme.js'), 'utf8')
  // A function as the replacement: `$` has no meaning then.
  return asset('.html')
    .replaceAll(/ *<(link|script)\b[^>]*>(<\/script>)?\n?/g, '')
    .replace('</head>', () =>
      [
        `<style>${asset('.css')}${noServices}</style>`,
        script(theme),
        `<script type="application/json" id="report">${inScript(JSON.stringify(report))}</script>`,
        script(`const summary = ${inScript(JSON.stringify(summarize(report)))}\n${answers}`),
        '</head>',
      ].join('\n'),
    )
    .replace('</body>', () => `<script type="module">${inScript(code)}</script>\n</body>`)
}

/** What leads to pages that ask a service for more than the report. */
const noServices = 'a[href^="#/dockerfile"], a[href^="#/history"] { display: none }'

const script = (text: string) => `<script>${text}</script>`

/** `</script` and `<!--` would end or begin what is no part of the text. */
const inScript = (text: string) => text.replaceAll(/<(?=\/script|!--)/gi, '\\u003C')

function summarize({ createdAt, revision, images, state = 'done' }: Report): Summary {
  return { id: 1, createdAt, revision, images: images.length, state }
}

/** Answers what the pages ask the services for, from the report that is in the file. */
const answers = `
const pages = {
  '/config.json': () => '{ "reports": "", "analyzer": "" }',
  '/api/reports': () => JSON.stringify({ items: [summary], next: null }),
  '/api/reports/1': () => document.getElementById('report').textContent,
}
globalThis.fetch = async (address) => {
  const page = pages[new URL(address, 'http://file').pathname]
  return page
    ? new Response(page(), { headers: { 'content-type': 'application/json' } })
    : Response.json({ title: 'A file has no services', status: 404 }, { status: 404 })
}`
