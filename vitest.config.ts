import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'in-process',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/shells/**'],
          testTimeout: 20_000,
        },
      },
      { test: { name: 'end-to-end', include: ['test/e2e/**/*.test.ts'], testTimeout: 20_000 } },
      // Needs bash, zsh and fish: scripts/install-shells.sh.
      { test: { name: 'shells', include: ['test/shells/**/*.test.ts'], testTimeout: 20_000 } },
    ],
  },
})
