import { createTextSet } from '../text-set.ts'
import { isDone, type Outcome } from './records.ts'

/** Counts the items of a run, each once, and those whose last outcome says that they are done. */
export interface Tally {
  /**
   * Something is about to be done to the item: until it is concluded again it is not done. Returns the item's number,
   * from 0, in the order in which items first came.
   */
  add(item: string): number
  /** As `add`, and what became of it. */
  conclude(outcome: Outcome): number
  items(): number
  done(): number
}

export function createTally(): Tally {
  const table = createTextSet()
  let flags = new Uint8Array(1024)
  let done = 0
  const mark = (item: string, flag: 0 | 1): number => {
    const number = table.numberOf(item)
    // Numbers come one after the other: what is twice as long has room for the next.
    if (number >= flags.length) {
      const longer = new Uint8Array(flags.length * 2)
      longer.set(flags)
      flags = longer
    }
    done += flag - (flags[number] ?? 0)
    flags[number] = flag
    return number
  }
  return {
    add: (item) => mark(item, 0),
    conclude: (outcome) => mark(outcome.item, isDone(outcome) ? 1 : 0),
    items: () => table.size,
    done: () => done,
  }
}
