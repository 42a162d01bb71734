import { comparedLength, cut } from './typing.ts'

/** A customer's name in the form that is compared: tokens in lower case without accents. */
export interface Name {
  readonly first: readonly string[]
  readonly last: readonly string[]
  /** All letters in one word, first name first, so that joining, hyphens and fields make no difference. */
  readonly straight: string
  /** The same, last name first. */
  readonly swapped: string
}

/**
 * Marks that scripts can be read without: accents, Arabic and Hebrew points, variation selectors; and invisible
 * characters, except for the zero-width space (U+200B), which separates words.
 */
const accents = new RegExp(
  `(?:(?!\u200b)\\p{Cf}|[${['\u0300-\u036f', '\u0483-\u0487', '\u0591-\u05c7', '\u0610-\u061a', '\u064b-\u065f', '\u0670', '\u06d6-\u06ed', '\u1ab0-\u1aff', '\u1dc0-\u1dff', '\u20d0-\u20ff', '\ufe00-\ufe0f', '\ufe20-\ufe2f', '\u{e0100}-\u{e01ef}'].join('')}])+`,
  'gu',
)

/** Letters that Unicode does not decompose, and Arabic letters with two spellings. */
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
 * The tokens of a name field: compatibility forms unified (NFKC), without case, accents and apostrophes, split at anything
 * else that is not a letter (`N’Diaye-Ba` is `ndiaye ba`). Vowel signs of Indian and other scripts are not accents:
 * without them the names would be different. A long field is cut (see `isCutName`).
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

/** Whether `nameTokens` cuts a name field, so that two equal results may come from different names. */
export function isCutName(field: unknown): boolean {
  if (typeof field !== 'string') return false
  return field.length > comparedLength || folded(field).length > comparedLength
}

function folded(text: string): string {
  return plain.test(text) ? text.toLowerCase() : folding(text)
}

/** A bounded cache: names repeat, and folding is the slowest step of a search. */
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

/** A name made of tokens. */
export function nameFrom(first: readonly string[], last: readonly string[]): Name {
  const one = first.length === 1 ? (first[0] ?? '') : first.join('')
  const other = last.length === 1 ? (last[0] ?? '') : last.join('')
  return { first, last, straight: one + other, swapped: other + one }
}

/** Whether a token is an initial: one Latin letter. In other scripts one character may be a whole name. */
export function isInitial(token: string): boolean {
  return token.length === 1 && token >= 'a' && token <= 'z'
}
