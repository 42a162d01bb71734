import type { Entry } from './log.ts'
import type { Memory } from './memory.ts'

/** What is to be written, if anything, and what is answered once it is. */
export interface Decision<Result> {
  readonly entry?: Entry | undefined
  readonly result: Result
}

/** Keeps the records: in memory alone, or in a log that several processes share. */
export interface Keeper {
  /** All that was written so far, by other processes too. Not to be held across a wait. */
  memory(): Memory
  /** Decides on what is there, with nobody else writing meanwhile; resolves when the change is written. */
  change<Result>(decide: (memory: Memory) => Decision<Result>): Promise<Result>
  /** Lines and files of the log that could not be read and were left out. */
  readonly unreadable: number
  close(): Promise<void>
}

/** Keeps the records as long as the process lives. */
export function inMemory(memory: Memory): Keeper {
  return {
    memory: () => memory,
    async change(decide) {
      const { entry, result } = decide(memory)
      if (entry) memory.apply(entry)
      return result
    },
    unreadable: 0,
    async close() {},
  }
}
