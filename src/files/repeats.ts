import type { TextSet } from '../text-set.ts'
import type { Row } from './rows.ts'

/** Finds rows with the e-mail of an earlier row. */
export interface Repeats {
  /**
   * Adds a problem, which names the line of the first occurrence, to each repeat. Only valid rows count: if the first
   * one is invalid, the second is imported. The same rows may be passed again, from the start, and get the same problems
   * (`createUnchangedCheck` checks that they are the same).
   */
  mark(batches: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
}

/** `emails` must be empty; `normalise` returns the same text for e-mails that count as equal. */
export function createRepeats(
  emails: Pick<TextSet, 'numberOf'>,
  normalise: (email: string) => string,
): Repeats {
  /** By the e-mail's number: the index of its first row plus one, and that row's line. Arrays would take twice the memory. */
  let firsts = new Uint32Array(2048)

  function problemOf(row: Row): string | undefined {
    const at = emails.numberOf(normalise(row.customer.email)) * 2
    if (at >= firsts.length) {
      const longer = new Uint32Array(firsts.length * 2)
      longer.set(firsts)
      firsts = longer
    }
    if (firsts[at] === 0) firsts.set([row.index + 1, row.line], at)
    if (firsts[at] === row.index + 1) return undefined
    const line = firsts[at + 1]
    // A JSON array may be on a single line.
    return `the e-mail is ${line === row.line ? 'on this line twice' : `already on line ${line}`}`
  }

  return {
    async *mark(batches) {
      for await (const rows of batches) {
        yield rows.map((row) => {
          const problem = row.problems.length === 0 ? problemOf(row) : undefined
          return problem === undefined ? row : { ...row, problems: [problem] }
        })
      }
    },
  }
}
