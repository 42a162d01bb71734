import { comparedLength, cut } from './typing.ts'

/** A customer's name, as it is compared: tokens in lower case without accents. */
export interface Name {
  readonly first: readonly string[]
  readonly last: readonly string[]
  /** All letters in one word, first name first; what is joined, hyphenated or put into one field is the same then. */
  readonly straight: string
  /** The same, last name first. */
  readonly swapped: string
}

/**
 * What stands beside a letter, in scripts that are read the same without it: accents, Arabic and Hebrew points,
 * variants of a sign; and what cannot be seen, but for the space without a width (U+200B), which parts words.
 */
const accents = new RegExp(
  `(?:(?!\u200b)\\p{Cf}|[${['\u0300-\u036f', '\u0483-\u0487', '\u0591-\u05c7', '\u0610-\u061a', '\u064b-\u065f', '\u0670', '\u06d6-\u06ed', '\u1ab0-\u1aff', '\u1dc0-\u1dff', '\u20d0-\u20ff', '\ufe00-\ufe0f', '\ufe20-\ufe2f', '\u{e0100}-\u{e01ef}'].join('')}])+`,
  'gu',
)

/** Letters that Unicode does not take apart, and Arabic ones that are written either way. */
const letters: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ɔ: 'o',
  ɛ: 'e',
  ə: 'e',
  ǝ: 'e',
  ŋ: 'n',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ƴ: 'y',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
  ـ: '',
  ς: 'σ',
}
const special = new RegExp(`[${Object.keys(letters).join('')}]`, 'g')

const word = /^[A-Za-z]+$/
const plain = /^[\x20-\x7e]*$/
const apostrophes = /['`\u2018\u2019\u201b\u02b9\u02bb-\u02bf\u00b4\u055a\u05f3\ua78c\uff07]+/g
const separators = /[^\p{L}\p{M}\p{N}]+/u

/**
 * The tokens of a name field: compatibility forms unified (NFKC), case, accents and apostrophes dropped, split at
 * everything else that is no letter (`N’Diaye-Ba` is `ndiaye ba`). Vowel signs of Indian and other scripts are no
 * accents: without them names would be others. Of a long field only the start is taken (see `isCutName`).
 */
export function nameTokens(field: unknown): string[] {
  if (typeof field !== 'string') return []
  const text = cut(field)
  // Most names are one plain word.
  if (word.test(text)) return [text.toLowerCase()]
  return cut(folded(text))
    .replace(apostrophes, '')
    .split(separators)
    .filter((token) => token !== '')
}

/** Whether `nameTokens` holds only a part of a name field, so that two of them may differ after all. */
export function isCutName(field: unknown): boolean {
  if (typeof field !== 'string') return false
  return field.length > comparedLength || folded(field).length > comparedLength
}

function folded(text: string): string {
  return plain.test(text) ? text.toLowerCase() : folding(text)
}

/** Names already folded: they repeat, and folding is the dearest step of a million. Bounded. */
const remembered = new Map<string, string>()
const mostRemembered = 20_000

function folding(text: string): string {
  const known = remembered.get(text)
  if (known !== undefined) return known
  if (remembered.size >= mostRemembered) remembered.clear()
  const result = fold(text)
  remembered.set(text, result)
  return result
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(accents, '')
    .toLowerCase()
    .replace(accents, '')
    .replace(special, (letter) => letters[letter] ?? letter)
    .normalize('NFC')
}

/** Both name fields of a record. */
export function nameOf(record: { readonly [field: string]: unknown }): Name {
  return nameFrom(nameTokens(record.firstname), nameTokens(record.lastname))
}

/** A name of tokens. */
export function nameFrom(first: readonly string[], last: readonly string[]): Name {
  const one = first.length === 1 ? (first[0] ?? '') : first.join('')
  const other = last.length === 1 ? (last[0] ?? '') : last.join('')
  return { first, last, straight: one + other, swapped: other + one }
}

/** Whether a token is only an initial: one Latin letter. One sign of other scripts may be a whole name. */
export function isInitial(token: string): boolean {
  return token.length === 1 && token >= 'a' && token <= 'z'
}
