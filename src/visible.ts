/**
 * Characters that control a terminal or are invisible: C0 and C1 controls (also ESC and newlines), DEL, bidi marks,
 * overrides and isolates, line and paragraph separators, characters without width (soft hyphen, zero-width space, word
 * joiner, BOM, fillers, invisible operators, tags), and lone surrogates. The joiners U+200C and U+200D are allowed
 * between emoji (a family is one) and between letters of scripts that use them (Persian, Hindi, Sinhala).
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

/** A quick test, since most texts have none of these. `harmful` decides about joiners. */
const suspicious = new RegExp(`[${acting}${hiding}\\u200c\\u200d]`, 'u')

/** The fast path for nearly all texts. */
const plain = /^[\x20-\x7e]*$/

/** Not built at start: the scripts take milliseconds, which most commands do not need. V8 caches the compiled pattern. */
const harmful = (): RegExp =>
  new RegExp(`[${acting}${hiding}]|(?!${emoji}|${spelling})[\\u200c\\u200d]`, 'gu')

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/**
 * Escapes the control characters of untrusted text (`\x1b`, `\u202e`), so that it cannot move the cursor, forge a line
 * or change the reading direction (docs/contract.md#untrusted-text). Letters of all scripts, accents and emoji stay.
 * Backslashes are not escaped, so that `visible(visible(text)) === visible(text)`. Newlines are escaped too, unless
 * `keepNewlines`.
 */
export function visible(text: string, options: { keepNewlines?: boolean } = {}): string {
  if (plain.test(text) || !suspicious.test(text)) return text
  return text.replace(harmful(), (character) =>
    options.keepNewlines === true && character === '\n' ? character : escaped(character),
  )
}

/** An escape as `visible` writes it, or in upper case. */
const escapedForm = /\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})/i

/**
 * Whether a text that may be copied from a terminal or from TSV is certainly the original one. False if `visible`
 * changes it, or if it contains an escape of `visible` (`c\x1b` with a backslash) or U+FFFD, which replaces invalid
 * bytes.
 */
export function isUnmistakable(text: string): boolean {
  return !text.includes('\ufffd') && !escapedForm.test(text) && visible(text) === text
}
