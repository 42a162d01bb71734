import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    runner: fileURLToPath(new URL('./runner.ts', import.meta.url)),
    isolate: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    // What a mutant leaves behind is nobody's error.
    dangerouslyIgnoreUnhandledErrors: true,
  },
})
