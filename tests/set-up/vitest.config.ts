import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Vitest leaves one processor idle, which is half of two.
    maxWorkers: '100%',
    fileParallelism: false,
    // Most of them wait.
    maxConcurrency: 8,
    testTimeout: 120_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
