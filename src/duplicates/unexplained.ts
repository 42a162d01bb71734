import { typingErrors } from '../customers/typing.ts'
import { remember } from '../remember.ts'
import { impersonal } from './impersonal.ts'
import { inLatin, type Patterns, patternsOf, surnameSpellings } from './latin.ts'
import { possibleNames } from './name-table.ts'

// An address is evidence only beyond what the names explain already: every John Smith may have `john.smith`.

/** What the names do not explain of a local part. */
export interface Unexplained {
  /** The parts that are left: words, letters and numbers, such as `rider 77`. */
  readonly rest: string
  /** How much the local part says beyond the names, in bits. */
  readonly bits: number
}

/** How much names and words say, in bits (see `Frequencies`). */
interface Rarity {
  nameBits(name: string): number
  wordBits(word: string): number
}

/** No address has a longer local part (RFC 5321, 4.5.3.1); patterns take cubic time for a text that is made to take long. */
const longestLocal = 64
/** What any local part says at least: how it is made of the names. */
const kindBits = 5
/** The same if it starts with the first name, as most do. */
const usualKindBits = 3
/** A record may lack a name, so that a name which only the other record has says little. */
const mostNameBits = 5
/** What is left may be a name in another spelling, if the names are in a script that is romanised in several ways. */
const mostUnreadableBits = 4
/** Some people's address has their name with a typing error. */
const mistypedNameBits = 11

/**
 * Removes the names from a local part, and weighs what is left.
 * @param own the names that explain the local part at no cost
 * @param others further names of the other record: what only they explain says as much as they are rare
 */
export function unexplained(
  local: string,
  own: readonly string[],
  others: readonly string[],
  rarity: Rarity,
): Unexplained {
  let rest = local.slice(0, longestLocal)
  let bits = own[0] !== undefined && startsWith(rest, own[0]) ? usualKindBits : kindBits
  const [ownSorted, othersSorted] = [surestFirst(own), surestFirst(others)]
  // Whole names first: a pattern of `海燕` (haiyan) would also match in `chen`.
  for (const remove of [withoutName, withoutUmlauts, withoutPattern]) {
    for (const name of ownSorted) rest = remove(rest, name)
    for (const name of othersSorted) {
      const before = rest
      rest = remove(rest, name)
      if (rest !== before) bits += Math.min(rarity.nameBits(name), mostNameBits)
    }
    // Most addresses are fully explained.
    if (rest.trim() === '') return { rest: '', bits }
  }
  const names = [...own, ...others]
  const parts = (rest.match(/\d+|[^\d\s]+/g) ?? []).filter((part) => /^\d/.test(part) || !isForm(part, names))
  const [numbers, words] = [/^\d/, /^\D/].map((kind) => parts.filter((part) => kind.test(part)))
  const sum = (of: readonly string[] = []): number =>
    of.reduce((total, part) => total + bitsOf(part, names, rarity), 0)
  bits +=
    sum(numbers) +
    Math.min(sum(words), names.every(isAlphabetic) ? Number.POSITIVE_INFINITY : mostUnreadableBits)
  return { rest: parts.join(' '), bits }
}

/** Names in Latin letters before others, whose patterns would take vowels of theirs: `Elena Кузнецова` is `elenakuznetsova`. */
function surestFirst(names: readonly string[]): readonly string[] {
  if (names.length < 2) return names
  const rank = (name: string): number => (/^[a-z]/.test(name) ? 0 : 1)
  return names.toSorted((a, b) => rank(a) - rank(b) || b.length - a.length)
}

/** The words and numbers of a local part that are not the names, as they are counted in an account. */
export function wordsOf({
  local,
  names,
}: {
  readonly local: string
  readonly names: readonly string[]
}): string[] {
  let rest = local
  for (const name of names) {
    const latin = inLatin(name)
    if (latin.length >= 3) rest = rest.replace(latin, ' ')
  }
  return rest.match(/\d+|[^\d\s]{2,}/g) ?? []
}

function startsWith(local: string, name: string): boolean {
  return local.startsWith(inLatin(name)) || local.search(formsOf(name).patterns.whole) === 0
}

function withoutName(local: string, name: string): string {
  const { whole, short, patterns } = formsOf(name)
  const form = whole.find((one) => local.includes(one))
  if (form !== undefined) {
    // `sara`, as the letters are, is only the beginning of `sarah`.
    const written = longestOf(patterns.whole, local)
    return local.replace(written.includes(form) ? written : form, ' ')
  }
  const found = short.find((one) => one.test(local))
  return found === undefined ? local : local.replace(found, ' ')
}

/** German umlauts may be written with an e or without. */
function withoutUmlauts(local: string, name: string): string {
  const bare = plain(local)
  const form = formsOf(name).bare.find((one) => bare.includes(one))
  return form === undefined ? local : bare.replace(form, ' ')
}

function withoutPattern(local: string, name: string): string {
  const written = longestOf(formsOf(name).patterns.whole, local)
  return written === '' ? local : local.replace(written, ' ')
}

/** The longest match: `tan` in `tantoniou` could be the start of a name, too. */
function longestOf(pattern: RegExp, text: string): string {
  let longest = ''
  for (let at = 0; at < text.length; at++) {
    const found = pattern.exec(text.slice(at))
    if (found === null) break
    if (found[0].length > longest.length) longest = found[0]
    at += found.index
  }
  return longest
}

/** Whether a part is a short form, a beginning or another spelling of a name. */
function isForm(part: string, names: readonly string[]): boolean {
  const full = possibleNames(part).map(plain)
  return names.some((name) => {
    const { latin, patterns } = formsOf(name)
    return (
      patterns.beginning.test(part) ||
      latin.some(
        (form) =>
          full.includes(form) ||
          // All of a name but its last letter is rather a typing error than a short form.
          (form.startsWith(part) && (part.length !== form.length - 1 || form.length < 4)),
      )
    )
  })
}

function plain(text: string): string {
  return text.replace(/([aou])e/g, '$1')
}

/** Whether a name is in letters that are written in much the same way by everybody in Latin ones. */
function isAlphabetic(name: string): boolean {
  return /^[a-z0-9\u0370-\u052f\p{Script=Han}]*$/u.test(name)
}

function bitsOf(part: string, names: readonly string[], rarity: Rarity): number {
  if (/^\d/.test(part)) return Math.min(20, isYear(part) ? 6 : rarity.wordBits(part))
  if (usualWords.has(part)) return 2
  if (impersonal(`${part}@x.example`) !== undefined) return 3
  if (part.length === 1) return 4.7
  const bits = Math.min(30, rarity.wordBits(part))
  const isMistyped = part.length > 3 && names.some((name) => typingErrors(inLatin(name), part, 1) <= 1)
  return isMistyped ? Math.min(mistypedNameBits, bits) : bits
}

/** Words that people often put before or after their name. */
const usualWords = new Set('the real thereal mr mrs ms miss dr iam im its official my jr sr big'.split(' '))

/** Whether a number may be a year of birth. */
export function isYear(text: string): boolean {
  return /^(?:19|20)\d\d$/.test(text)
}

/** How a name may stand in an e-mail. */
interface Forms {
  readonly latin: readonly string[]
  /** Those that are found within other letters. */
  readonly whole: readonly string[]
  /** The same without the e of an umlaut. */
  readonly bare: readonly string[]
  /** Those of two letters: they are found only beside another name, or at either end. */
  readonly short: readonly RegExp[]
  readonly patterns: Patterns
}

/** Names repeat. */
const formsOf = remember(20_000, (name): Forms => {
  const latin = [...new Set([inLatin(name), ...possibleNames(name), ...surnameSpellings(name)])]
  const whole = latin.filter((form) => form.length >= 3)
  return {
    latin: latin.map(plain),
    whole,
    bare: whole.map(plain),
    short: latin
      .map(plain)
      .filter((form) => form.length === 2)
      .map((form) => new RegExp(`(?<=^| )${form}|${form}(?= |$)`)),
    patterns: patternsOf(name),
  }
})
