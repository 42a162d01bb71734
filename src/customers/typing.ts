import leven from 'leven'

/**
 * How much of a name field or an e-mail is compared, in UTF-16 units, before folding and after it. Both are untrusted
 * input, and folding or comparing 100,000 letters could take minutes; real names and addresses (254, RFC 5321) are
 * shorter. A cut value never counts as equal if a deletion depends on it.
 */
export const comparedLength = 256

/** The part of a text that is compared. */
export function cut(text: string): string {
  return text.length > comparedLength ? text.slice(0, comparedLength) : text
}

/**
 * The number of typing errors between two texts: an extra, missing or wrong letter, or two swapped neighbours. Counts up to
 * `most`; a greater result means more than `most`, or a text that is too long to compare.
 *
 * `leven` counts a swap as two errors, so swaps are looked for at both ends of the part that differs.
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

/** Whether the two letters from `i` in one text and from `j` in the other are swapped. */
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

/** A single typing error. */
export interface TypingError {
  readonly kind: 'swapped' | 'doubled' | 'missing' | 'wrong'
  /** Whether it is at the end of the longer text. */
  readonly last: boolean
  /** The letter in the longer text, and for `wrong` the one in the other text. */
  readonly letters: readonly [string, string]
}

/** The typing error between two texts for which `typingErrors` is 1. */
export function singleError(a: string, b: string): TypingError {
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
