import { remember } from '../remember.ts'
import spellings from './spellings.json' with { type: 'json' }
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
 * Marks that scripts can be read without: accents, Arabic and Hebrew points, Indian dots (nukta), variation selectors; and
 * invisible characters, except for the zero-width space (U+200B), which separates words.
 */
const accents = new RegExp(
  `(?:(?!\u200b)\\p{Cf}|[${['\u0300-\u036f', '\u0483-\u0487', '\u0591-\u05c7', '\u0610-\u061a', '\u064b-\u065f', '\u0670', '\u06d6-\u06ed', '\u1ab0-\u1aff', '\u1dc0-\u1dff', '\u20d0-\u20ff', '\u093c', '\u0a3c', '\ufe00-\ufe0f', '\ufe20-\ufe2f', '\u{e0100}-\u{e01ef}'].join('')}])+`,
  'gu',
)

/**
 * Letters that Unicode does not decompose, and letters with two spellings, each with what is typed for it. The tatweel only
 * makes a word wider, and some Amharic letters are spoken alike.
 */
const letters = new Map(
  Object.entries(spellings).flatMap(([typed, others]) => [...others].map((letter) => [letter, typed])),
)
const special = new RegExp(`[${[...letters.keys()].join('')}]`, 'gu')

const word = /^[A-Za-z]+$/
const plain = /^[\x20-\x7e]*$/
/** Some of them would become a space and an accent (NFKD), so they are removed first. */
const apostrophes =
  /['`\u00b4\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u0374\u0384\u055a\u05f3\u07f4\u07f5\u1fbd\u1fbf\u1fef\u1ffd\u1ffe\u2018-\u201b\u2032\u2035\u275b\u275c\ua78b\ua78c\uff07\uff40]+/g
const plainWords = /[a-z0-9]+/g
const plainApostrophes = /['`]+/g
const separators = /[^\p{L}\p{M}\p{N}]+/u

/**
 * The tokens of a name field: compatibility forms unified (NFKC), without case, accents and apostrophes, split at anything
 * else that is not a letter (`N’Diaye-Ba` is `ndiaye ba`). Vowel signs of Indian and other scripts are not accents:
 * without them the names would be different. A long field is cut (see `isCutName`).
 */
export function nameTokens(field: unknown): readonly string[] {
  if (typeof field !== 'string') return []
  const text = cut(field)
  // Most names are one plain word.
  if (word.test(text)) return [text.toLowerCase()]
  if (plain.test(text)) return text.toLowerCase().replace(plainApostrophes, '').match(plainWords) ?? []
  return foldedTokens(text)
}

/** Names repeat, and folding is the slowest step of a search. */
const foldedTokens = remember(20_000, (text): readonly string[] =>
  foldedText(text)
    .split(separators)
    .filter((token) => token !== ''),
)

/** A text as `nameTokens` folds it, but whole: an e-mail keeps its signs. A long text is cut. */
export function foldedText(text: string): string {
  return cut(folded(cut(text))).replace(apostrophes, '')
}

/** Whether `nameTokens` cuts a name field, so that two equal results may come from different names. */
export function isCutName(field: unknown): boolean {
  if (typeof field !== 'string') return false
  return field.length > comparedLength || folded(field).length > comparedLength
}

function folded(text: string): string {
  return plain.test(text) ? text.toLowerCase() : fold(text)
}

function fold(text: string): string {
  return text
    .replace(apostrophes, '')
    .normalize('NFKD')
    .replace(accents, '')
    .toLowerCase()
    .replace(accents, '')
    .replace(special, (letter) => letters.get(letter) ?? letter)
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
