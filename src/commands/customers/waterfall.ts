import { type Evidence, type Level, roundedParts } from '../../duplicates/evidence.ts'
import { shortened } from '../../output/width.ts'
import { visible } from '../../visible.ts'

/** How many parts are printed; the others are added up. */
const mostParts = 4
/** Names and domains in a part are untrusted, and may be long. */
const longestPart = 80

/** A probability for people. Never more certain than it is: 0.8999 is not 90 %. */
export function percent(probability: number): string {
  if (probability > 0.99) return 'over 99 %'
  return probability < 0.01 ? 'under 1 %' : `${Math.floor(Math.round(probability * 1e4) / 100)} %`
}

/** `+11` or `-8.0`. */
export function signed(bits: number, decimals = 0): string {
  return `${bits < 0 ? '' : '+'}${bits.toFixed(decimals)}`
}

/** The text of a part, safe for a terminal. */
export function partText(text: string): string {
  return visible(shortened(text, longestPart))
}

/**
 * What speaks for one person and against it, strongest first, in whole bits that add up, for display:
 * `same name okafor +11 · e-mails differ by a letter +9 · two of 250 customers are seldom one person -10 → 99 %`. Empty if it is not known.
 * Its no-break spaces hold together what should stay on one line (see `flowedWords`).
 * @param plain whether to use words only, for screen readers
 */
export function waterfall(
  {
    because,
    probability,
    comparedWith,
  }: Pick<Evidence, 'because' | 'comparedWith'> & { probability: number | null },
  plain: boolean,
): string {
  if (probability === null) return ''
  const sorted = because.toSorted((one, other) => Math.abs(other.bits) - Math.abs(one.bits))
  const others = sorted.slice(mostParts)
  const rest = { text: 'the\u00a0rest', bits: others.reduce((sum, { bits }) => sum + bits, 0) }
  const parts = roundedParts([...sorted.slice(0, mostParts), rest], 1)
    .filter(({ bits }) => bits !== 0)
    .map(({ text, bits }) => `${partText(text)}\u00a0${signed(bits)}`)
  const shown = percent(probability).replaceAll(' ', '\u00a0')
  const whom = comparedWith === undefined ? '' : `compared with ${partText(comparedWith)}: `
  return `${whom}${parts.join(plain ? ', ' : '\u00a0· ')}${plain ? ': ' : '\u00a0→\u00a0'}${shown}`
}

/** The level of a group, and the probability of its least certain member: `likely, 93 %`. */
export function certaintyText(level: Level, probabilities: readonly (number | null)[]): string {
  const known = probabilities.flatMap((probability) => probability ?? [])
  return known.length === 0 ? level : `${level}, ${percent(Math.min(...known))}`
}
