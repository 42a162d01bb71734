/** Bits for the letters of a text: those that it has, those that it has twice, and both of its digits. */
export type Letters = readonly [once: number, twice: number, digits: number]

/** A typing error changes at most two of the bits: one of the letter that was there, and one of the letter that is. */
export function lettersOf(text: string): Letters {
  let once = 0
  let twice = 0
  let digits = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isDigit(code)) {
      const bit = 1 << (code - digit0)
      digits |= (digits & bit) === 0 ? bit : bit << 16
    } else {
      const bit = 1 << code
      twice |= once & bit
      once |= bit
    }
  }
  return [once, twice, digits]
}

/** At least how many typing errors are between two texts, by their letters. */
export function leastErrorsBetween(a: Letters, b: Letters): number {
  return (bitCount(a[0] ^ b[0]) + bitCount(a[1] ^ b[1]) + bitCount(a[2] ^ b[2]) + 1) >>> 1
}

/** How many of 32 bits are set. */
export function bitCount(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555)
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333)
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const digit0 = 48
const letterA = 97

function isDigit(code: number): boolean {
  return code >= digit0 && code < digit0 + 10
}

/** As many signs of 38 kinds as a double holds: the end, others, digits and letters. */
const signs = 10
const kinds = 38

/** The first ten letters of a text, or the last ones backwards, as a number that sorts like them. */
export function sortable(text: string, isBackwards: boolean): number {
  let value = 0
  for (let count = 0; count < signs; count++)
    value = value * kinds + kindOf(text.charCodeAt(isBackwards ? text.length - 1 - count : count))
  return value
}

/** Beyond the end of a text the code is NaN. */
function kindOf(code: number): number {
  if (code >= letterA && code < letterA + 26) return 12 + code - letterA
  if (isDigit(code)) return 2 + code - digit0
  return Number.isNaN(code) ? 0 : 1
}
