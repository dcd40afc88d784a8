import { defineConfig } from 'rolldown'
import { compileValidators } from './src/compile.ts'

export default defineConfig({
  input: ['./src/main.ts', './src/worker.ts', './src/health.ts'],
  platform: 'node',
  // What is bundled: the app, the workspace's packages, and the helpers of compiled schemas. All else stays in node_modules.
  external: /^(?![./]|@stagecraft\/|ajv\/dist\/runtime\/)/,
  plugins: [
    {
      name: 'compile-schemas',
      load: { filter: { id: /\/src\/validators\.ts$/ }, handler: compileValidators },
    },
  ],
  output: {
    dir: 'dist',
    cleanDir: true,
    // What the main thread and the worker share is a layer of its own, under a name that stays.
    chunkFileNames: 'shared/[name].js',
    // Names are kept for stack traces.
    minify: { mangle: { keepNames: true } },
  },
})
