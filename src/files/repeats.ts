import type { Row } from './rows.ts'

/** An exact set of texts that numbers them from 0 in the order in which they came. */
export interface NumberedSet {
  readonly size: number
  /** True when the text was not there before; it has the number `size - 1` then. */
  add(text: string): boolean
  /** -1 when it is not there. */
  indexOf(text: string): number
}

/** Finds rows whose e-mail an earlier row of the same input has. */
export interface Repeats {
  /**
   * The blocks of rows, with a problem added to each repetition, which names the line of the first. Only rows that could
   * be sent count: where the first one is bad, the second is the person's only chance. The same rows may be read again, from the
   * beginning: they get the same problems again. (Whether they are the same is for `createBlocks` to say.)
   */
  mark(blocks: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]>
}

/**
 * Exact at a million rows within tens of MB: the e-mails stand in the set that is handed in, and five bytes for each
 * say where it stood first. `normalise` says which e-mails are one.
 */
export function createRepeats(emails: NumberedSet, normalise: (email: string) => string): Repeats {
  /** By the e-mail's number: the line where it stood first. */
  let lines = new Uint32Array(1024)
  /** By the row's index: 1 where its e-mail stood first, so that reading again costs little. */
  let firsts = new Uint8Array(1024)

  function keep(number: number, row: Row): void {
    if (number >= lines.length) lines = longer(lines, new Uint32Array(number * 2))
    if (row.index >= firsts.length) firsts = longer(firsts, new Uint8Array(row.index * 2))
    lines[number] = row.line
    firsts[row.index] = 1
  }

  function problemOf(row: Row): string | undefined {
    if (firsts[row.index] === 1) return undefined
    const email = normalise(row.customer.email)
    if (emails.add(email)) {
      keep(emails.size - 1, row)
      return undefined
    }
    const line = lines[emails.indexOf(email)]
    // A JSON array may stand on a single line.
    return `the e-mail stands ${line === row.line ? 'twice on this line' : `on line ${line} already`}`
  }

  return {
    async *mark(blocks) {
      for await (const rows of blocks) {
        yield rows.map((row) => {
          const problem = row.problems.length === 0 ? problemOf(row) : undefined
          return problem === undefined ? row : { ...row, problems: [problem] }
        })
      }
    },
  }
}

/** `larger`, with what `numbers` holds at its beginning. */
function longer<Numbers extends Uint8Array | Uint32Array>(numbers: Numbers, larger: Numbers): Numbers {
  larger.set(numbers)
  return larger
}
