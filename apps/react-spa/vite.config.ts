import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { likeNginx } from './dev-server.ts'

/** What the first page loads, with all that it needs. */
const everyPage =
  /node_modules\/(react|react-dom|react-router|@tanstack|@base-ui\/react\/(csp-provider|toggle|toggle-group))\/|^\0vite/

/** What one page needs. */
const onePage = [
  { name: 'graph', test: /node_modules\/(@xyflow|@dagrejs)\// },
  { name: 'charts', test: /node_modules\/@visx\// },
  { name: 'autocomplete', test: /node_modules\/@base-ui\/react\/autocomplete\// },
  { name: 'schema', test: /node_modules\/typebox\// },
]

function isDependency(id: string): boolean {
  return id.includes('/node_modules/') || id.startsWith('\0')
}

export default defineConfig({
  plugins: [react(), likeNginx()],
  build: {
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Few changes touch the dependencies: in files of their own, browsers and image layers keep them.
        codeSplitting: {
          groups: [
            { name: 'vendor', test: everyPage, priority: 2 },
            ...onePage.map((group) => ({ ...group, priority: 1 })),
            { name: 'more', test: isDependency },
          ],
        },
        chunkFileNames: ({ moduleIds }) =>
          `${moduleIds.every(isDependency) ? 'vendor' : 'assets'}/[name]-[hash].js`,
        assetFileNames: ({ names: [name] }) =>
          `${onePage.some((group) => name === `${group.name}.css`) ? 'vendor' : 'assets'}/[name]-[hash][extname]`,
      },
    },
  },
})
