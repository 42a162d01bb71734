import { defineConfig } from 'vitest/config'
import { shippedUndici } from './test/support/shipped-undici.ts'

export default defineConfig({
  test: {
    // Tests wait for sockets and disks much of the time, so no core is left free.
    maxWorkers: '100%',
    projects: [
      {
        // The client runs on undici as it ships.
        plugins: [shippedUndici],
        test: {
          name: 'in-process',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/shells/**'],
          testTimeout: 20_000,
          // Every world is passed in, so test files need no modules of their own: they are loaded once.
          isolate: false,
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 20_000,
          isolate: false,
        },
      },
      // Needs bash, zsh and fish: scripts/install-test-tools.sh.
      { test: { name: 'shells', include: ['test/shells/**/*.test.ts'], testTimeout: 20_000 } },
    ],
  },
})
