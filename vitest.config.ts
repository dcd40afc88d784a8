import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Vitest leaves one processor idle, which is half of two.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.image.test.ts'],
          // Nothing here is promised in seconds, and a busy machine may be ten times slower than a quiet one.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'images',
          include: ['{apps,packages}/*/src/**/*.image.test.ts', 'scripts/**/*.image.test.ts'],
          // Builds and boots want the machine to themselves: what they promise is counted in seconds.
          fileParallelism: false,
          // Most of them wait; how many containers start at a time is packages/contract's to say.
          maxConcurrency: 8,
          testTimeout: 120_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
})
