import anyAscii from 'any-ascii'

/** The scripts of names: Latin to Ethiopic and beyond, kana, and the common Chinese characters. Korean is computed. */
const ranges = [
  [0x00, 0x2f],
  [0x30, 0x31],
  [0x4e, 0x9f],
] as const

/**
 * The letters of other alphabets in Latin ones, by blocks of 256: `{"4": "ie io dj …"}`. The whole table of any-ascii would
 * make the package a third larger, most of it for scripts that are dead or are no letters.
 */
export function latinTable(): Record<string, string> {
  const table: Record<string, string> = {}
  for (const [first, last] of ranges) {
    for (let block = first; block <= last; block++) {
      const letters = Array.from({ length: 256 }, (_, at) => latinOf(String.fromCodePoint(block * 256 + at)))
      const row = letters.join(' ').trimEnd()
      if (row !== '') table[block.toString(16)] = row
    }
  }
  return table
}

function latinOf(letter: string): string {
  if (!/[\p{L}\p{M}]/u.test(letter) || /[a-z]/i.test(letter)) return ''
  return anyAscii(letter)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
}
