import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { tallyReporter } from './scripts/tally.ts'

/** The script of a package that runs this, whose results are counted; undefined when a person runs vitest. */
const script = process.env.npm_lifecycle_event

export default defineConfig({
  test: {
    // Vitest leaves one processor idle, which is half of two.
    maxWorkers: '100%',
    ...(script && {
      reporters: [
        'default',
        tallyReporter(import.meta.dirname, join(process.cwd(), '.turbo', `${script}.json`)),
      ],
    }),
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{apps,packages}/*/src/**/*.test.ts',
            'scripts/{*,stand-ins/*}.test.ts',
            'tests/repository/*.test.ts',
            'tests/*/docs.test.ts',
          ],
          // Nothing here is promised in seconds, and a busy machine may be ten times slower than a quiet one.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'image',
          include: ['tests/*/*.test.ts'],
          exclude: ['tests/repository/**', 'tests/*/docs.test.ts'],
          // Builds and boots want the machine to themselves.
          fileParallelism: false,
          // Most of them wait; how many containers start at a time is packages/engine's to say.
          maxConcurrency: 8,
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
})
