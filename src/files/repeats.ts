import type { TextSet } from '../text-set.ts'
import type { Row } from './rows.ts'

/** Finds rows whose e-mail an earlier row of the same input has. */
export interface Repeats {
  /**
   * The rows, with a problem added to each repetition, which names the line of the first. Only rows that could be sent
   * count: where the first one is bad, the second is the person's only chance. The same rows may be read again, from the
   * beginning: they get the same problems again. (Whether they are the same is for `createUnchangedCheck` to say.)
   */
  mark(batches: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
}

/** `emails` is empty; `normalise` says which e-mails are one. */
export function createRepeats(
  emails: Pick<TextSet, 'numberOf'>,
  normalise: (email: string) => string,
): Repeats {
  /** By the e-mail's number: the index of the row where it stood first, plus one, and its line. Lists of numbers take twice as much. */
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
    // A JSON array may stand on a single line.
    return `the e-mail stands ${line === row.line ? 'twice on this line' : `on line ${line} already`}`
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
