import { hashOf, type TextSet } from '../text-set.ts'
import type { Row } from './rows.ts'

/**
 * Finds rows with the e-mail of another row (docs/contract.md#import). Only valid rows count: if the first one is
 * invalid, the second is imported.
 */
export interface Repeats {
  /** Records a valid row. All rows must be seen, in order, before any is marked. */
  see(row: Row): void
  /** Whether any e-mail is in several rows. */
  readonly isAny: boolean
  /**
   * The row as it is to be imported: with `repeats` if an earlier row has its e-mail, and with a problem if rows with
   * this e-mail have different names, since none of them can be trusted then.
   */
  mark(row: Row): Row
}

/** Numbers kept for each e-mail: its first row's index plus one, its line, its name's hash, and a contradicting line. */
const perEmail = 4

/**
 * @param emails must be empty
 * @param emailOf returns the same text for e-mails that count as equal
 * @param nameOf returns the same text for names that count as equal
 */
export function createRepeats(
  emails: Pick<TextSet, 'numberOf'>,
  emailOf: (email: string) => string,
  nameOf: (customer: Row['customer']) => string,
): Repeats {
  /** By the e-mail's number. Objects would take several times the memory. */
  let known = new Uint32Array(1024 * perEmail)
  let isAny = false

  function placeOf({ customer }: Row): number {
    const place = emails.numberOf(emailOf(customer.email)) * perEmail
    if (place >= known.length) {
      const longer = new Uint32Array(known.length * 2)
      longer.set(known)
      known = longer
    }
    return place
  }

  return {
    see(row) {
      const place = placeOf(row)
      const name = hashOf(nameOf(row.customer))
      if (known[place] === 0) return known.set([row.index + 1, row.line, name], place)
      isAny = true
      if (known[place + 2] !== name && known[place + 3] === 0) known[place + 3] = row.line
    },
    get isAny() {
      return isAny
    },
    mark(row) {
      if (row.problems.length > 0) return row
      const place = placeOf(row)
      const [first = 0, firstLine = 0, , contradicting = 0] = known.subarray(place, place + perEmail)
      const isFirst = first === row.index + 1
      if (contradicting === 0) return isFirst ? row : { ...row, repeats: firstLine }
      const other = isFirst ? contradicting : firstLine
      // A JSON array may be on a single line.
      const where = other === row.line ? 'another row of this line' : `line ${other}`
      return { ...row, problems: [`has the e-mail of ${where}, but another name`], isRefusedAsRepeat: true }
    },
  }
}
