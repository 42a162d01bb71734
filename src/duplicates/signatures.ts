import { grown, hashOf } from '../text-set.ts'
import { mostErrors, mostLocalErrors, sameElsewhere } from './compare-emails.ts'
import type { Fields } from './fields.ts'
import { bitCount, lettersOf, sortable } from './letters.ts'

/**
 * What is needed to rule out most pairs of e-mails without their texts: ten numbers per record. At 300,000 customers
 * 75 of 100 pairs in blocks are ruled out so.
 */
export interface Signatures {
  /** Adds the next record; one without fields is not to be compared. */
  push(fields: Fields | undefined): void
  /**
   * At least how many typing errors are between two e-mails, or `sameElsewhere`. More than
   * `mostErrors` only if `compareEmails` does not find them similar.
   * @param isAlive whether the domain of a record is (see `Frequencies`)
   */
  leastErrors(a: number, b: number, isAlive: (index: number) => boolean): number
  /** Numbers that sort like the first letters of the local part, and like the last ones read backwards. */
  start(index: number): number
  end(index: number): number
}

// The numbers of a record: hashes, the letters and lengths of the local part and of the whole mailbox.
const domain = 0
const local = 1
const localLetters = 2
const localLength = 5
const mailboxLetters = 6
const mailboxLength = 9
const width = 10
const tooMany = mostErrors + 1

export function createSignatures(): Signatures {
  let held = new Uint32Array(1024 * width)
  let orders = new Float64Array(1024 * 2)
  let size = 0

  /** Each typing error changes the length by one at most, and two bits of the letters. */
  function leastBetween(a: number, b: number, letters: number, length: number): number {
    const difference = Math.abs((held[a + length] ?? 0) - (held[b + length] ?? 0))
    if (difference > mostErrors) return tooMany
    let bits = bitCount((held[a + letters] ?? 0) ^ (held[b + letters] ?? 0))
    // Nearly all pairs are ruled out here.
    if (bits > 2 * mostErrors) return tooMany
    bits += bitCount((held[a + letters + 1] ?? 0) ^ (held[b + letters + 1] ?? 0))
    bits += bitCount((held[a + letters + 2] ?? 0) ^ (held[b + letters + 2] ?? 0))
    return Math.max(1, difference, (bits + 1) >>> 1)
  }

  function leastBetweenLocals(a: number, b: number): number {
    const errors = leastBetween(a, b, localLetters, localLength)
    const shorter = Math.min(held[a + localLength] ?? 0, held[b + localLength] ?? 0)
    return errors > mostLocalErrors(shorter) ? tooMany : errors
  }

  function hold(start: number, letters: number, length: number, text: string): void {
    held.set(lettersOf(text), start + letters)
    held[start + length] = text.length
  }

  return {
    push(fields) {
      const start = size * width
      if (start === held.length) {
        held = grown(held, (length) => new Uint32Array(length))
        orders = grown(orders, (length) => new Float64Array(length))
      }
      size += 1
      if (fields === undefined) return
      held[start + domain] = hashOf(fields.domain)
      held[start + local] = hashOf(fields.local)
      hold(start, localLetters, localLength, fields.local)
      hold(start, mailboxLetters, mailboxLength, fields.mailbox)
      orders[size * 2 - 2] = sortable(fields.local, false)
      orders[size * 2 - 1] = sortable(fields.local, true)
    },
    leastErrors(one, other, isAlive) {
      const a = one * width
      const b = other * width
      const isSame = held[a + local] === held[b + local]
      if (held[a + domain] === held[b + domain]) return isSame ? 0 : leastBetweenLocals(a, b)
      const errors = leastBetween(a, b, mailboxLetters, mailboxLength)
      if (!isSame && errors > mostErrors) return tooMany
      const areAlive = isAlive(one) && isAlive(other)
      if (isSame) return areAlive || errors > mostErrors ? sameElsewhere : 0
      return errors
    },
    start: (index) => orders[index * 2] ?? 0,
    end: (index) => orders[index * 2 + 1] ?? 0,
  }
}
