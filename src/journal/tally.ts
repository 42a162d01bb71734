import { createTextSet } from '../text-set.ts'
import { isDone, type Outcome } from './records.ts'

/** Counts the items of a run, each once, and those whose last outcome says that they are done. */
export interface Tally {
  /** The item's number, from 0, in the order in which items first came. */
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
  return {
    add: (item) => table.numberOf(item),
    conclude(outcome) {
      const number = table.numberOf(outcome.item)
      if (number >= flags.length) {
        const longer = new Uint8Array(Math.max(number + 1, flags.length * 2))
        longer.set(flags)
        flags = longer
      }
      const flag = isDone(outcome) ? 1 : 0
      done += flag - (flags[number] ?? 0)
      flags[number] = flag
      return number
    },
    items: () => table.size,
    done: () => done,
  }
}
