import leven from 'leven'

/**
 * How much of a name field or an e-mail is compared, in UTF-16 units, before folding and after it. Both come from
 * strangers, and folding or comparing a text of 100,000 letters could take minutes; no name and no address that mail
 * reaches (254, RFC 5321) is as long. What was cut never counts as the same where a deletion depends on it.
 */
export const comparedLength = 256

/** The part of a text that is compared. */
export function cut(text: string): string {
  return text.length > comparedLength ? text.slice(0, comparedLength) : text
}

/**
 * How many typing errors make one text into the other: a letter too many, one missing, one wrong, or two neighbours
 * swapped. Counts up to `most`; anything greater means more, and so do two texts that are too long to compare.
 *
 * `leven` knows no swaps, which it counts as two errors; they are looked for at both ends of the part that differs.
 */
export function typingErrors(a: string, b: string, most: number): number {
  if (a === b) return 0
  if (most <= 0 || Math.abs(a.length - b.length) > most) return most + 1
  if (Math.max(a.length, b.length) > comparedLength) return most + 1
  const plain = leven(a, b, { maxDistance: most + 1 })
  if (plain === 1) return 1
  const start = firstDifference(a, b)
  if (isSwap(a, b, start, start)) {
    return Math.min(plain, 1 + typingErrors(a.slice(start + 2), b.slice(start + 2), most - 1))
  }
  const [endA, endB] = lastDifference(a, b)
  if (isSwap(a, b, endA - 1, endB - 1)) {
    return Math.min(plain, 1 + typingErrors(a.slice(0, endA - 1), b.slice(0, endB - 1), most - 1))
  }
  return plain
}

/** Whether two letters are swapped, from `i` in the one text and `j` in the other. */
function isSwap(a: string, b: string, i: number, j: number): boolean {
  if (i < 0 || j < 0 || i + 1 >= a.length || j + 1 >= b.length) return false
  return a[i] === b[j + 1] && a[i + 1] === b[j] && a[i] !== a[i + 1]
}

function firstDifference(a: string, b: string): number {
  let index = 0
  while (index < a.length && a[index] === b[index]) index += 1
  return index
}

function lastDifference(a: string, b: string): readonly [number, number] {
  let endA = a.length - 1
  let endB = b.length - 1
  while (endA >= 0 && endB >= 0 && a[endA] === b[endB]) {
    endA -= 1
    endB -= 1
  }
  return [endA, endB]
}

/** What a single typing error is, and where in the longer text. */
export interface TypingError {
  readonly kind: 'swapped' | 'doubled' | 'missing' | 'wrong'
  readonly last: boolean
  /** The letter of the longer text, and for `wrong` the one of the other. */
  readonly letters: readonly [string, string]
}

/** The one typing error between two texts (`typingErrors` is 1). */
export function theError(a: string, b: string): TypingError {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a]
  const at = firstDifference(longer, shorter)
  const letter = longer[at] ?? ''
  const other = shorter[at] ?? ''
  const last = at === longer.length - 1
  if (longer.length > shorter.length) {
    const doubled = letter === longer[at - 1] || letter === longer[at + 1]
    return { kind: doubled ? 'doubled' : 'missing', last, letters: [letter, ''] }
  }
  const swapped = isSwap(longer, shorter, at, at)
  return { kind: swapped ? 'swapped' : 'wrong', last, letters: [letter, other] }
}
