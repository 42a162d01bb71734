import { isWellKnown } from './domains.ts'
import { type Agreement, compareNames, type Kind } from './name-match.ts'
import type { Person } from './person.ts'
import { typingErrors } from './typing.ts'

/** Why two customers are likely one person, and how far from sure: fewer is surer. */
export interface Likelihood {
  readonly why: string
  readonly doubt: number
}

/** How much each kind of agreement leaves to doubt. */
const doubts: Readonly<Record<Kind, number>> = {
  same: 0,
  spelling: 1,
  typing: 2,
  nickname: 2,
  initial: 3,
  middle: 3,
}

/** How much doubt about the names each kind of near address can bear. */
const bearable: Readonly<Record<Nearness['kind'], number>> = {
  'mistyped domain': 3,
  separators: 3,
  'near local part': 2,
  'near domain': 2,
  'other provider': 1,
}

/** The most typing errors in name and address together. */
const mostErrors = 2

/**
 * Whether two customers with different mailboxes are likely one person: the names have to agree *and* the addresses
 * to be near. Neither alone says enough.
 */
export function likelyOne(a: Person, b: Person): Likelihood | undefined {
  // The addresses first: that is quick, and most pairs are not near.
  const near = nearness(a, b)
  if (near === undefined) return undefined
  const names = compareNames(a.name, b.name)
  if (names === undefined || doubts[names.kind] > bearable[near.kind]) return undefined
  if (near.kind === 'near local part' && mirrorsNames(a, b, names)) return undefined
  if (names.errors + near.errors > mostErrors) return undefined
  return { why: `${wordsFor(names)}; ${near.why}`, doubt: doubts[names.kind] + names.errors + near.errors }
}

const words: Readonly<Record<Kind, string>> = {
  same: 'same name',
  spelling: 'same name in another spelling',
  typing: 'the names differ by a letter or two',
  nickname: 'one name is short for the other',
  initial: 'one name is the initial of the other',
  middle: 'one name has a middle name more',
}

/** How two names agree, in words for people. */
export function wordsFor({ kind }: Agreement): string {
  return words[kind]
}

/** How two e-mail addresses of different mailboxes are near, from the nearest on. */
interface Nearness {
  readonly kind: 'mistyped domain' | 'separators' | 'near local part' | 'near domain' | 'other provider'
  /** Typing errors, in local part and domain. */
  readonly errors: number
  readonly why: string
}

/**
 * Whether two people's addresses are near each other. Digits must be the same: they are what father and son, or two
 * namesakes, have put behind the name.
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
      why: 'the e-mails differ in dots, hyphens, underscores or a keyword only',
    }
  }
  return { kind: 'mistyped domain', errors: 0, why: mistyped(a.typedDomain, b.typedDomain, a.domain) }
}

function mistyped(a: string, b: string, domain: string): string {
  const wrong = [...new Set([a, b])].filter((typed) => typed !== domain)
  return `${wrong.join(' and ')} ${wrong.length === 1 ? 'is' : 'are'} likely ${domain} mistyped`
}

/** Below this a single letter makes another address of a local part, below the second two do. */
const lengthForOne = 5
const lengthForTwo = 10

function nearLocalPart(a: Person, b: Person): Nearness | undefined {
  const shorter = Math.min(a.letters.length, b.letters.length)
  const most = shorter >= lengthForTwo ? 2 : shorter >= lengthForOne ? 1 : 0
  const errors = typingErrors(a.letters, b.letters, most)
  if (errors > most) return undefined
  // A number of two digits or more is as good as a word of one's own; a namesake has another one.
  if (a.digits.length < 2 && !isWithinWord(a, b, errors)) return undefined
  return {
    kind: 'near local part',
    errors,
    why: `the e-mails differ by ${errors} typing error${errors === 1 ? '' : 's'}`,
  }
}

/** `maria.silva` and `mario.silva`, each with her or his own name: two people, not a typing error. */
function mirrorsNames(a: Person, b: Person, names: Agreement): boolean {
  return names.differing.some(([ofA, ofB]) => a.letters.includes(ofA) && b.letters.includes(ofB))
}

/**
 * Whether the difference is inside a word of some length. Without the names that stand in both, what is left must be a
 * word still: `johnsmith` and `johnasmith`, `tsmith` and `ksmith` are namesakes and families.
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
      why: `the same unusual name before the @, at ${a.domain} and ${b.domain}`,
    }
  }
  const errors = a.letters.length >= lengthForOne ? domainErrors(a.domain, b.domain) : undefined
  if (errors === undefined) return undefined
  return { kind: 'near domain', errors, why: `${a.domain} and ${b.domain} differ by a typing error` }
}

const shortestDomain = 6

/** One typing error in a domain's name, digits apart, with the same ending. */
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
 * Whether a local part says more than the name: `sunnyrider`, `john.smith1985`. Everybody called John Smith wanted
 * `john.smith`, at one provider or the other.
 */
function isDistinctive({ letters, digits, name }: Person): boolean {
  if (letters.length < 6) return false
  let rest = letters
  for (const token of [...name.first, ...name.last]) if (token.length >= 3) rest = rest.replace(token, '')
  const word = rest.replace(/\d+/g, '')
  return digits.length >= 3 || (word.length >= 5 && !roles.has(word))
}
