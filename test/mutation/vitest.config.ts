import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Small files first: they check one thing, and kill fastest. */
class SmallFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse()
  }
}

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    runner: fileURLToPath(new URL('./runner.ts', import.meta.url)),
    isolate: false,
    sequence: { sequencer: SmallFirst },
    maxWorkers: 1,
    testTimeout: 60_000,
    // Errors that mutants leave behind do not count.
    dangerouslyIgnoreUnhandledErrors: true,
  },
})
