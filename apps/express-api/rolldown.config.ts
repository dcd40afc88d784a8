import { compileCheck } from '@stagecraft/report/compile'
import { defineConfig } from 'rolldown'

export default defineConfig({
  input: ['./src/main.ts', './src/health.ts'],
  platform: 'node',
  // What is bundled: the app, the workspace's packages, and what compiled schemas use. All else stays in node_modules.
  external: /^(?![./]|@stagecraft\/|typebox\/(guard|format)$)/,
  plugins: [
    {
      name: 'compile-schema',
      load: { filter: { id: /\/report\/src\/check\.ts$/ }, handler: compileCheck },
    },
  ],
  // No module is there for its effects: what nothing is used of is left out.
  treeshake: { moduleSideEffects: false },
  // Names are kept for stack traces.
  output: { dir: 'dist', cleanDir: true, minify: { mangle: { keepNames: true } } },
})
