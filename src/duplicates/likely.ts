import { isWellKnown } from '../customers/domains.ts'
import { typingErrors } from '../customers/typing.ts'
import { type Agreement, compareNames, type Kind } from './name-match.ts'
import type { Person } from './person.ts'

/** Why two customers are likely one person, and how uncertain that is: a smaller doubt is more certain. */
export interface Likelihood {
  readonly why: string
  readonly doubt: number
}

/** The doubt that each kind of name agreement leaves. */
const doubts: Readonly<Record<Kind, number>> = {
  same: 0,
  spelling: 1,
  typing: 2,
  nickname: 2,
  initial: 3,
  middle: 3,
}

/** The most doubt about the names that each kind of similar address allows. */
const mostDoubt: Readonly<Record<Nearness['kind'], number>> = {
  'mistyped domain': 3,
  separators: 3,
  'near local part': 2,
  'near domain': 2,
  'other provider': 1,
}

/** The maximum of typing errors in name and address together. */
const mostErrors = 2

/**
 * Whether two customers with different mailboxes are likely one person: their names have to agree *and* their addresses
 * have to be similar. Neither alone is enough.
 */
export function likelySamePerson(a: Person, b: Person): Likelihood | undefined {
  // Addresses first: that is fast, and most pairs differ.
  const near = nearness(a, b)
  if (near === undefined) return undefined
  const names = compareNames(a.name, b.name)
  if (names === undefined || doubts[names.kind] > mostDoubt[near.kind]) return undefined
  if (near.kind === 'near local part' && mirrorsNames(a, b, names)) return undefined
  if (names.errors + near.errors > mostErrors) return undefined
  return { why: `${wordsFor(names)}; ${near.why}`, doubt: doubts[names.kind] + names.errors + near.errors }
}

const words: Readonly<Record<Kind, string>> = {
  same: 'same name',
  spelling: 'same name in another spelling',
  typing: 'the names differ by a letter or two',
  nickname: 'one name is a short form of the other',
  initial: 'one name is the initial of the other',
  middle: 'one name has an extra middle name',
}

/** How two names agree, for display. */
export function wordsFor({ kind }: Agreement): string {
  return words[kind]
}

/** How the e-mail addresses of two mailboxes are similar, nearest first. */
interface Nearness {
  readonly kind: 'mistyped domain' | 'separators' | 'near local part' | 'near domain' | 'other provider'
  /** Typing errors, in local part and domain. */
  readonly errors: number
  readonly why: string
}

/**
 * How similar the addresses of two people are; undefined if they are not. Digits must be the same, since relatives and
 * namesakes use them to tell their addresses apart.
 */
function nearness(a: Person, b: Person): Nearness | undefined {
  if (a.digits !== b.digits) return undefined
  const same = a.letters === b.letters
  if (a.domain === b.domain) return same ? sameLetters(a, b) : nearLocalPart(a, b)
  return same ? atTwoDomains(a, b) : undefined
}

function sameLetters(a: Person, b: Person): Nearness {
  if (a.typedDomain === b.typedDomain) {
    return {
      kind: 'separators',
      errors: 0,
      why: 'the e-mails differ only in dots, hyphens, underscores or a keyword',
    }
  }
  return { kind: 'mistyped domain', errors: 0, why: mistyped(a.typedDomain, b.typedDomain, a.domain) }
}

function mistyped(a: string, b: string, domain: string): string {
  const wrong = [...new Set([a, b])].filter((typed) => typed !== domain)
  return `${wrong.join(' and ')} ${wrong.length === 1 ? 'is' : 'are'} likely a typing error for ${domain}`
}

/** The shortest local parts in which one, or two, typing errors are allowed. */
const lengthForOne = 5
const lengthForTwo = 10

function nearLocalPart(a: Person, b: Person): Nearness | undefined {
  const shorter = Math.min(a.letters.length, b.letters.length)
  const most = shorter >= lengthForTwo ? 2 : shorter >= lengthForOne ? 1 : 0
  const errors = typingErrors(a.letters, b.letters, most)
  if (errors > most) return undefined
  // Two digits or more identify a person like an unusual word; a namesake has others.
  if (a.digits.length < 2 && !isWithinWord(a, b, errors)) return undefined
  return {
    kind: 'near local part',
    errors,
    why: `the e-mails differ by ${errors} typing error${errors === 1 ? '' : 's'}`,
  }
}

/** `maria.silva` and `mario.silva`, each with the matching name, are two people and no typing error. */
function mirrorsNames(a: Person, b: Person, names: Agreement): boolean {
  return names.differing.some(([ofA, ofB]) => a.letters.includes(ofA) && b.letters.includes(ofB))
}

/**
 * Whether the difference is inside a word of some length. What is left after removing the names in both must still be a
 * word: `johnsmith` and `johnasmith`, or `tsmith` and `ksmith`, are namesakes or relatives.
 */
function isWithinWord(a: Person, b: Person, errors: number): boolean {
  let restA = a.letters
  let restB = b.letters
  let removed = 0
  for (const name of [...a.name.first, ...a.name.last]) {
    if (name.length < 3 || !restA.includes(name) || !restB.includes(name)) continue
    restA = restA.replace(name, '')
    restB = restB.replace(name, '')
    removed += 1
  }
  const shortest = removed === 0 ? 0 : removed === 1 ? 3 : 4
  const rest = Math.min(restA.length, restB.length)
  return rest >= shortest && (errors < 2 || rest >= 6)
}

function atTwoDomains(a: Person, b: Person): Nearness | undefined {
  if (isWellKnown(a.domain) && isWellKnown(b.domain)) {
    if (!isDistinctive(a)) return undefined
    return {
      kind: 'other provider',
      errors: 0,
      why: `the same unusual text before the @, at ${a.domain} and ${b.domain}`,
    }
  }
  const errors = a.letters.length >= lengthForOne ? domainErrors(a.domain, b.domain) : undefined
  if (errors === undefined) return undefined
  return { kind: 'near domain', errors, why: `${a.domain} and ${b.domain} differ by a typing error` }
}

const shortestDomain = 6

/** 1 if two domains with the same ending and digits differ by one typing error in the name; else undefined. */
function domainErrors(a: string, b: string): number | undefined {
  const dotA = a.indexOf('.')
  const dotB = b.indexOf('.')
  const nameA = a.slice(0, dotA)
  const nameB = b.slice(0, dotB)
  const known = isWellKnown(a) || isWellKnown(b)
  if (Math.min(nameA.length, nameB.length) < (known ? shortestDomain - 2 : shortestDomain)) return undefined
  if (a.slice(dotA) !== b.slice(dotB) || nameA.replace(/\D/g, '') !== nameB.replace(/\D/g, ''))
    return undefined
  return typingErrors(nameA, nameB, 1) === 1 ? 1 : undefined
}

const roles = new Set(
  'info sales admin contact support office hello mail email shop store accounts billing orders help service'.split(
    ' ',
  ),
)

/**
 * Whether a local part identifies more than a name does: `sunnyrider`, `john.smith1985`. Different people called John
 * Smith have `john.smith` at different providers.
 */
function isDistinctive({ letters, digits, name }: Person): boolean {
  if (letters.length < 6) return false
  let rest = letters
  for (const token of [...name.first, ...name.last]) if (token.length >= 3) rest = rest.replace(token, '')
  const word = rest.replace(/\d+/g, '')
  return digits.length >= 3 || (word.length >= 5 && !roles.has(word))
}
