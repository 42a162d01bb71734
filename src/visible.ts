/**
 * Characters that act on a terminal or hide from the reader: C0 and C1 controls (ESC and newlines among
 * them), DEL, bidi marks, overrides and isolates, line and paragraph separators, what has no width (soft
 * hyphen, zero-width space, word joiner, BOM, fillers, invisible operators, tags), and halves of
 * surrogate pairs. The joiners U+200C and U+200D count only where they join nothing: between emoji
 * (a family is one) and between letters of scripts that are written with them (Persian, Hindi, Sinhala) they
 * are spelling.
 */
const scripts = [
  'Arabic Syriac Nko Mandaic Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada',
  'Malayalam Sinhala Khmer Myanmar Tibetan',
]
  .join(' ')
  .split(' ')
  .map((script) => `\\p{scx=${script}}`)
  .join('')
const emoji =
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})'
const spelling = `(?<=[${scripts}])[\\u200c\\u200d](?=[${scripts}])`
const acting = '\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\p{Cs}'
const hiding =
  '\\xad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}'

/** Most texts hold none of these; one look is cheaper than a replacement. Joiners are looked at closer below. */
const suspicious = new RegExp(`[${acting}${hiding}\\u200c\\u200d]`, 'u')

/** What nearly every text is. */
const plain = /^[\x20-\x7e]*$/

/** Made when the first suspicious text is met: a dozen scripts take milliseconds, which `--help` has no use for. */
let harmful: RegExp | undefined
const harmfulOf = (): RegExp =>
  new RegExp(`[${acting}${hiding}]|(?!${emoji}|${spelling})[\\u200c\\u200d]`, 'gu')

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/**
 * Makes the control characters of untrusted text visible (`\x1b`, `\u202e`), so that it cannot move the cursor, forge
 * a line or turn the reading direction (docs/contract.md#untrusted-text). Letters of every script, accents and emoji
 * stay as they are; so does a backslash, which makes the result stable: `visible(visible(text)) === visible(text)`.
 * Newlines are control characters too, unless `keepNewlines`.
 */
export function visible(text: string, options: { keepNewlines?: boolean } = {}): string {
  if (plain.test(text) || !suspicious.test(text)) return text
  harmful ??= harmfulOf()
  return text.replace(harmful, (character) =>
    options.keepNewlines === true && character === '\n' ? character : escaped(character),
  )
}

/** What `visible` writes for a character, and, in capitals, what JSON and people write. */
const escapedForm = /\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})/i

/**
 * Whether a text that was copied from a screen or from TSV is the text that was meant: false for one that `visible`
 * changes, for one that looks as if it had been (`c\x1b` with a backslash), and for one with U+FFFD, which stands for
 * what could not be written or read.
 */
export function isUnmistakable(text: string): boolean {
  return !text.includes('\ufffd') && !escapedForm.test(text) && visible(text) === text
}
