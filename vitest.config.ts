import { defineConfig } from 'vitest/config'
import { imageSuites } from './scripts/image-suites.ts'

/** Where a suite leaves its results, for `npm test` to count. */
const results = process.env.TEST_RESULTS

export default defineConfig({
  test: {
    // Vitest leaves one processor idle, which is half of two.
    maxWorkers: '100%',
    reporters: results ? ['default', 'json'] : ['default'],
    ...(results && { outputFile: results }),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.ts', 'scripts/{*,stand-ins/*}.test.ts'],
          exclude: ['**/*.image.test.ts'],
          // Nothing here is promised in seconds, and a busy machine may be ten times slower than a quiet one.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      ...Object.entries(imageSuites).map(([name, include]) => ({
        test: {
          name,
          include,
          // Builds and boots want the machine to themselves: what they promise is counted in seconds.
          fileParallelism: false,
          // Most of them wait; how many containers start at a time is packages/contract's to say.
          maxConcurrency: 8,
          testTimeout: 120_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 10_000 } },
        },
      })),
    ],
  },
})
