import { defineConfig } from 'vitest/config'
import { shippedUndici } from './test/support/shipped-undici.ts'

export default defineConfig({
  test: {
    // Tests wait for one another's sockets and disks: all cores are used, and not one is left free.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'in-process',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/shells/**'],
          testTimeout: 20_000,
          // Every world is handed in, so files have nothing to be kept apart from: the modules are loaded once.
          isolate: false,
        },
      },
      // The client on the undici that dist/ holds, which the build changes.
      {
        plugins: [shippedUndici],
        test: { name: 'shipped', include: ['test/api/*.test.ts'], testTimeout: 20_000, isolate: false },
      },
      { test: { name: 'end-to-end', include: ['test/e2e/**/*.test.ts'], testTimeout: 20_000 } },
      // Needs bash, zsh and fish: scripts/install-test-tools.sh.
      { test: { name: 'shells', include: ['test/shells/**/*.test.ts'], testTimeout: 20_000 } },
    ],
  },
})
