import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Small files first: these look at one thing, and kill soonest. */
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
    // What a mutant leaves behind is nobody's error.
    dangerouslyIgnoreUnhandledErrors: true,
  },
})
