import { domainToUnicode } from 'node:url'
import type { Customer } from '../api/customer.ts'
import { isEmail, sameEmail } from '../email.ts'
import { foldedText, isInitial, type Name, nameFrom, nameTokens } from './names.ts'
import { comparedLength, cut } from './typing.ts'

/** Where `find` looks (docs/contract.md#finding). */
export const findScopes = ['email', 'name', 'any'] as const
export type FindScope = (typeof findScopes)[number]

/** Recognises the customers of a search. */
export interface Finder {
  /** Whether a customer has all the words. */
  matches(customer: Customer): boolean
  /**
   * Whether a customer has all the words if letters are spelled out (`mueller` for Müller): for searches that match
   * nobody otherwise.
   */
  matchesSpelledOut(customer: Customer): boolean
}

/** A word of the search. */
export interface Word {
  /** As typed, without what surrounds a pasted address. */
  readonly typed: string
  /** Folded, with its signs (`ada.obi@x.example`). */
  readonly folded: string
  /** Folded like a name (see `nameTokens`): `al-sayed` has two. */
  readonly tokens: readonly string[]
  /** The tokens in one word. */
  readonly joined: string
  /** Finds the joined tokens at the start of a word of an e-mail, with signs between them: `adaobi` in `ada.obi`. */
  readonly spread: RegExp
}

/** The words of TEXT. Those without letters and digits only count if there are no others. */
export function wordsOf(text: string): readonly Word[] {
  const words = text
    .split(/\s+/u)
    .map(wordOf)
    .filter(({ folded }) => folded !== '')
  const named = words.filter(({ tokens }) => tokens.length > 0)
  return named.length > 0 ? named : words
}

const letter = '[\\p{L}\\p{M}\\p{N}]'

function wordOf(text: string): Word {
  const typed = text.includes('@') ? bareAddress(text) : text
  const tokens = nameTokens(typed)
  const joined = tokens.join('')
  const spread = new RegExp(`(?<!${letter})${[...joined].join(`(?:(?!${letter}).)*`)}`, 'su')
  return { typed, folded: foldedText(sameEmail(typed)), tokens, joined, spread }
}

/** `<ada@x.example>,` and `mailto:ada@x.example` are pasted along with an address. */
function bareAddress(text: string): string {
  const bare = text.replace(/\p{Cf}+/gu, '').replace(/^[<("'[]+|[>)"'\],;]+$/gu, '')
  return bare.replace(/^mailto:/i, '')
}

/** Whether TEXT is empty after folding (white space or accents only), and so would match every customer. */
export function isEmptySearch(text: string): boolean {
  const whole = text.trim()
  return whole.length <= comparedLength && wordsOf(whole).length === 0
}

/**
 * Recognises customers who have all words of TEXT, in any order, each as a part of the e-mail or of the name. With
 * `--by email` a complete address has to be the whole e-mail. TEXT of more than 256 characters has to be a whole field.
 */
export function createFinder(text: string, scope: FindScope): Finder {
  const whole = text.trim()
  if (whole.length > comparedLength) {
    return { matches: (customer) => hasField(customer, whole, scope), matchesSpelledOut: () => false }
  }
  const words = wordsOf(whole)
  const spelledOut = wordsOf(spellOut(whole))
  const isChanged = spelledOut.some(({ joined }, index) => joined !== words[index]?.joined)
  return {
    matches: (customer) => hasAll(words, searched(customer, scope, nameTokens), scope),
    matchesSpelledOut(customer) {
      const { firstname, lastname } = customer
      if (!isChanged && !hasSpelledOut(firstname) && !hasSpelledOut(lastname)) return false
      const tokensOf = (field: unknown) => (typeof field === 'string' ? nameTokens(spellOut(field)) : [])
      return hasAll(spelledOut, searched(customer, scope, tokensOf), scope)
    },
  }
}

/** What is searched of a customer. Values that are not strings match nothing (docs/orafi-api.md#customer). */
interface Searched {
  readonly customer: Customer
  readonly name: Name
  /** Folded, with its signs; an international domain is there in both forms. */
  readonly email: string
}

function searched(customer: Customer, scope: FindScope, tokensOf: typeof nameTokens): Searched {
  const { firstname, lastname, email } = customer
  return {
    customer,
    name: scope === 'email' ? noName : nameFrom(tokensOf(firstname), tokensOf(lastname)),
    email: scope === 'name' || typeof email !== 'string' ? '' : searchedEmail(email),
  }
}

const noName = nameFrom([], [])

function searchedEmail(email: string): string {
  const same = sameEmail(email)
  const folded = foldedText(same)
  const domain = folded.includes('xn--') ? same.slice(same.lastIndexOf('@') + 1) : ''
  return domain === ''
    ? folded
    : `${folded} ${folded.slice(0, -domain.length)}${foldedText(domainToUnicode(domain))}`
}

/** Among other words, an initial has to begin a name. */
function hasAll(words: readonly Word[], record: Searched, scope: FindScope): boolean {
  const among = words.length > 1
  return words.every((word) => inEmail(word, record, scope, among) || inName(word, record, among))
}

function inEmail(word: Word, { customer, email }: Searched, scope: FindScope, among: boolean): boolean {
  const { typed, folded, joined, spread } = word
  if (email === '') return false
  if (folded.includes('@')) {
    const isWhole = isEmail(typed)
    // `searched` has checked that the e-mail is a string.
    if (isWhole && sameEmail(String(customer.email)) === sameEmail(typed)) return true
    return !(isWhole && scope === 'email') && email.includes(folded)
  }
  if (joined === '') return email.includes(folded)
  return (!(among && isInitial(joined)) && email.includes(folded)) || spread.test(email)
}

function inName({ folded, tokens }: Word, { customer, name }: Searched, among: boolean): boolean {
  if (folded.includes('@') || tokens.length === 0) return inRawName(folded, customer)
  return tokens.every((token) => {
    if (!name.straight.includes(token) && !name.swapped.includes(token)) return false
    const forwards = [...name.first, ...name.last]
    if (among && isInitial(token)) return forwards.some((one) => one.startsWith(token))
    return hasWord(token, forwards) || hasWord(token, [...name.last, ...name.first])
  })
}

/** Whether a name field has a text with its signs: some people have an e-mail or a dash for a name. */
function inRawName(folded: string, { firstname, lastname }: Customer): boolean {
  const sign = folded.includes('@') ? '@' : ''
  return [firstname, lastname].some(
    (field) => typeof field === 'string' && field.includes(sign) && foldedText(field).includes(folded),
  )
}

/** Whether a word is part of another one, or begins with one and goes on in the next: `عبدالله` is in `عبد الله`. */
function hasWord(word: string, others: readonly string[]): boolean {
  return (
    others.some((other) => other.includes(word)) || others.some((_, start) => isSpread(word, others, start))
  )
}

function isSpread(word: string, others: readonly string[], start: number): boolean {
  let rest = word
  for (const other of others.slice(start)) {
    if (other !== '' && other.startsWith(rest)) return true
    if (!rest.startsWith(other)) return false
    rest = rest.slice(other.length)
  }
  return rest === ''
}

/** Letters that are spelled out where a keyboard does not have them, otherwise than in `nameTokens`. */
const spelled: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  å: 'aa',
  ø: 'oe',
  đ: 'dj',
  ə: 'a',
  // Often left out at the end of a name, but Alaa and Ola differ in nothing else.
  ء: '',
}
const toSpell = new RegExp(`[${Object.keys(spelled).join('')}]`, 'g')

function spellOut(text: string): string {
  return cut(text)
    .normalize('NFC')
    .toLowerCase()
    .replace(toSpell, (letter) => spelled[letter] ?? letter)
}

/** These letters in either case and Unicode form. */
const mayBeSpelled = new RegExp(`[${Object.keys(spelled).join('')}\u0308\u030a]`, 'i')

function hasSpelledOut(field: unknown): boolean {
  return typeof field === 'string' && mayBeSpelled.test(cut(field))
}

const fieldsOf = {
  email: ['email'],
  name: ['firstname', 'lastname'],
  any: ['email', 'firstname', 'lastname'],
} as const

/** Whether a customer has exactly this text in a field. */
function hasField(customer: Customer, whole: string, scope: FindScope): boolean {
  return fieldsOf[scope].some((field) => {
    const value = customer[field]
    return typeof value === 'string' && value.trim() === whole
  })
}
