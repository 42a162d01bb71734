import { isWellKnown } from '../customers/domains.ts'
import { firstDifference, typingErrors } from '../customers/typing.ts'
import { areForms, type Evidence } from './compare-names.ts'
import { differAsNames } from './differ-as-names.ts'
import { type Fields, hasOtherSign, repairedKeyOf, typedMailbox } from './fields.ts'
import type { Frequencies } from './frequencies.ts'
import { impersonal } from './impersonal.ts'
import { inLatin } from './latin.ts'
import { isYear, type Unexplained, unexplained } from './unexplained.ts'

/** How often each is seen between two addresses of one person. */
const shares = {
  mailbox: 0.5,
  separators: 0.03,
  domain: 0.2,
  provider: 0.06,
  errors: [0, 0.35, 0.25, 0.15, 0.1],
}
const relativesShares = {
  mailbox: 0.1,
  separators: 0.02,
  mistyped: 0.02,
  provider: 0.02,
  error: 0.004,
  domain: 0.4,
}
/** A mailbox belongs to one person, or to a few: strangers share one only by mistake. */
const mailboxBits = 20
/** How many bits a typing error costs: it is one of many possible ones. */
const errorBits = 4.5
/** The same in a domain, where errors are easier to foresee. */
const domainErrorBits = 3
export const mostErrors = 4

/** The most typing errors between two local parts at one domain, by the length of the shorter one. */
export function mostLocalErrors(length: number): number {
  return Math.min(mostErrors, Math.max(1, Math.floor(length / 3)))
}

/** The typing errors between two local parts at one domain, or between whole mailboxes; more than `mostErrors` if not similar. */
export function errorsBetween(a: Fields, b: Fields): number {
  if (a.domain !== b.domain) return typingErrors(a.mailbox, b.mailbox, mostErrors)
  const most = mostLocalErrors(Math.min(a.local.length, b.local.length))
  const errors = typingErrors(a.local, b.local, most)
  return errors > most ? mostErrors + 1 : errors
}

/** What namesakes choose if an address is taken: `john2`, `johnasmith` or `mrjohnsmith` beside `johnsmith`, `josmith` beside `jsmith`. */
const series: Evidence = { text: 'e-mails are numbered differently', person: -6, relatives: 0 }
const affix: Evidence = { text: 'one e-mail adds something to the name', person: -2.3, relatives: 0 }
const initials: Evidence = { text: 'e-mails have different initials', person: -4, relatives: 0 }
const otherForm: Evidence = { text: 'e-mails are different forms of the name', person: -2.3, relatives: 0 }

/**
 * Compares two e-mails; undefined if they are not similar. The text before the @ counts only as far as the names do not
 * explain it (see `unexplained.ts`).
 */
export function compareEmails(a: Fields, b: Fields, frequencies: Frequencies): Evidence[] | undefined {
  if (a.mailbox === b.mailbox) {
    return [evidence('same mailbox', shares.mailbox, relativesShares.mailbox, mailboxBits)]
  }
  if (a.domain === b.domain) {
    if (isOneMailbox(a, b)) return [mistypedMailbox(a, b)]
    const local = compareLocals(a, b, frequencies)
    return local && [local, ...compareDomains(a, b, frequencies)]
  }
  const areTwo = areTwoDomains(a, b, frequencies)
  if (areTwo && a.local !== b.local && !areNearProviders(a.domain, b.domain)) return undefined
  const errors = errorsBetween(a, b)
  // A domain that only one customer has is another one too if too much of it differs.
  if (a.local === b.local && (areTwo || errors > mostErrors)) {
    // Every firm has `info@`.
    if (impersonal(a.mailbox) !== undefined) return undefined
    const text = `same text before the @, at ${a.domain} and ${b.domain}`
    const { bits } = beyondNames(a, b, frequencies)
    return [evidence(text, shares.provider, relativesShares.provider, bits)]
  }
  if (errors > mostErrors || isNumbered(a.local, b.local)) return undefined
  const { bits } = beyondNames(a, b, frequencies)
  const domainBits = Math.max(frequencies.domainBits(a.domain), frequencies.domainBits(b.domain))
  return [errorsEvidence(errors, bits + domainBits)]
}

/** An upper bound of the unexplained bits of a local part, whatever the names of another record explain. */
export function mostUnexplainedBits({ local, names }: Fields, frequencies: Frequencies): number {
  const { bits, rest } = unexplained(local, names, [], frequencies)
  return /[^\d ]/.test(rest) ? bits + 5 : bits
}

/** Instead of a number of errors: the same text before the @, at two domains that are alive. */
export const sameElsewhere = -1

const bitsOfErrors = shares.errors.map((share, errors) => Math.log2(share) - errorBits * errors)

/**
 * What two e-mails with at least so many typing errors can say for one person, at most.
 *
 * @param leastErrors or `sameElsewhere`
 * @param unexplained the greater one of `mostUnexplainedBits`
 * @param ofDomain the greater one of the bits of the domains
 */
export function mostEmailBits(leastErrors: number, unexplained: number, ofDomain: number): number {
  if (leastErrors === sameElsewhere) return Math.log2(shares.provider) + unexplained
  if (leastErrors === 0) return Math.log2(shares.mailbox) + Math.max(unexplained + ofDomain, mailboxBits)
  // E-mails that differ as the names do are left out: relatives are always likelier.
  return Math.max((bitsOfErrors[leastErrors] ?? 0) + unexplained, affix.person) + ofDomain
}

function evidence(text: string, person: number, relatives: number, bits: number): Evidence {
  return { text, person: Math.log2(person) + bits, relatives: Math.max(0, Math.log2(relatives) + bits) }
}

function errorsEvidence(errors: number, bits: number): Evidence {
  const text = `e-mails differ by ${errors === 1 ? 'a letter' : `${errors} letters`}`
  const share = (shares.errors[errors] ?? 0) * 2 ** (-errorBits * errors)
  return {
    text,
    person: Math.log2(share) + bits,
    relatives: Math.max(0, Math.log2(relativesShares.error) + bits - errorBits * errors),
  }
}

/**
 * Whether neither of two different domains is the other one mistyped: both are in use (see `isAlive`), or they are
 * a provider's in two countries (`hotmail.gr`, `hotmail.com`), or have different numbers.
 */
function areTwoDomains(a: Fields, b: Fields, frequencies: Frequencies): boolean {
  if (frequencies.isAlive(a.typedDomain) && frequencies.isAlive(b.typedDomain)) return true
  const digits = [digitsOf(a.domain), digitsOf(b.domain)]
  if (digits[0] !== digits[1] && !digits.includes('')) return true
  if (!isWellKnown(a.domain) && !isWellKnown(b.domain)) return false
  const [name, end] = divided(a.domain)
  const [otherName, otherEnd] = divided(b.domain)
  return name === otherName && name !== '' && typingErrors(end, otherEnd, 1) > 1
}

/** `mail.com` is a typing error away from `gmail.com`, though many use it. */
function areNearProviders(a: string, b: string): boolean {
  const [name, end] = divided(a)
  const [otherName, otherEnd] = divided(b)
  return isWellKnown(a) && isWellKnown(b) && end === otherEnd && typingErrors(name, otherName, 1) <= 1
}

function divided(domain: string): readonly [name: string, end: string] {
  const dot = domain.indexOf('.')
  return [domain.slice(0, Math.max(0, dot)), domain.slice(dot + 1)]
}

/** Whether two addresses are one mailbox once typing errors in the domain, in a sign or a lost @ are repaired. */
function isOneMailbox(a: Fields, b: Fields): boolean {
  return a.local === b.local && repairedKeyOf(a) === repairedKeyOf(b)
}

function mistypedMailbox(a: Fields, b: Fields): Evidence {
  const locals = [a, b].map((one) => typedMailbox(one).local).filter(hasOtherSign)
  const text = `same mailbox, if ${mistyped(a, b) ?? `${locals.join(' and ')} is mistyped`}`
  // Who shares a mailbox with a relative types its domain wrong as often as who has it alone.
  return evidence(text, shares.domain, relativesShares.mistyped, mailboxBits)
}

/** Compares the local parts at one domain. */
function compareLocals(a: Fields, b: Fields, frequencies: Frequencies): Evidence | undefined {
  if (a.local === b.local) {
    const { bits } = beyondNames(a, b, frequencies)
    return evidence('e-mails differ only in separators', shares.separators, relativesShares.separators, bits)
  }
  const errors = errorsBetween(a, b)
  if (errors > mostErrors) return undefined
  if (isNumbered(a.local, b.local)) return series
  const { bits, rests } = beyondNames(a, b, frequencies)
  if (differAsNames(a, b, frequencies))
    return evidence('the e-mails differ as the names do', 0.004, 0.3, bits)
  if (differInInitial(a, b)) return initials
  if (withDigits(a.local) === withDigits(b.local)) return errorsEvidence(errors, bits)
  if (haveOtherNumbers(a.local, b.local) && rests.some((rest) => /^[\d ]*$/.test(rest))) return series
  if (!isDoubled(a, b)) {
    const [own, others] = rests
    if (own === '' && others === '') return otherForm
    if (isSeries({ locals: [a.local, b.local], rests }))
      return digitsOf(own) === digitsOf(others) ? affix : series
  }
  return errorsEvidence(errors, bits)
}

function compareDomains(a: Fields, b: Fields, frequencies: Frequencies): Evidence[] {
  if (a.typedDomain === b.typedDomain) {
    const bits = frequencies.domainBits(a.typedDomain)
    return [evidence(`same domain ${a.typedDomain}`, 0.9, relativesShares.domain, bits)]
  }
  const rarer = Math.max(frequencies.domainBits(a.typedDomain), frequencies.domainBits(b.typedDomain))
  const bits = Math.max(0, rarer - domainErrorBits)
  return [{ text: mistyped(a, b) ?? '', person: bits, relatives: bits }]
}

/** What is wrong with the domains of two addresses that have the same one once it is repaired. */
function mistyped(a: Fields, b: Fields): string | undefined {
  const typed = [a.typedDomain, b.typedDomain].filter((domain) => domain !== a.domain)
  if (typed.includes('')) return 'one e-mail lacks its @'
  return typed.length === 0 ? undefined : `${typed.join(' and ')} is mistyped for ${a.domain}`
}

/** What the names do not explain of two local parts, and how much the one that says more says. */
function beyondNames(a: Fields, b: Fields, frequencies: Frequencies) {
  const explain = (one: Fields, other: Fields): Unexplained => {
    const isOwn = (name: string): boolean => one.names.some((own) => areForms(own, name, frequencies))
    const own = [...one.names, ...other.names.filter((name) => isOwn(name) && !one.names.includes(name))]
    return unexplained(
      one.local,
      own,
      other.names.filter((name) => !isOwn(name)),
      frequencies,
    )
  }
  const [own, others] = [explain(a, b), explain(b, a)]
  return { rests: [own.rest, others.rest] as const, bits: Math.max(own.bits, others.bits) }
}

/** Whether a letter within is doubled: a typing error, not an initial, which may stand apart (`monika.a.schulz`). */
function isDoubled(a: Fields, b: Fields): boolean {
  const single = (one: Fields): string =>
    typedMailbox(one)
      .local.replace(/([a-z])\1+(?!$)/g, '$1')
      .replace(/[._-]+/g, '')
  return single(a) === single(b)
}

/** Whether an initial between two names differs: `robert.b.baker` and `robert.h.baker`. */
function differInInitial(a: Fields, b: Fields): boolean {
  if (a.local.length !== b.local.length) return false
  const at = firstDifference(a.local, b.local)
  const [start, end] = [a.local.slice(0, at), a.local.slice(at + 1)]
  if (start === '' || end === '' || !b.local.endsWith(end)) return false
  if (/\d/.test(`${a.local[at]}${b.local[at]}`)) return false
  const names = [...a.names, ...b.names].map(inLatin).filter((name) => name.length > 1)
  return names.some((name) => start.endsWith(name)) && names.some((name) => end.startsWith(name))
}

const lookAlikes = new Map(Object.entries({ o: '0', l: '1', i: '1', z: '2', s: '5', b: '8', g: '9' }))

/** Digits for the letters that a scanner reads for them: `marek69s` and `marek695`. */
function withDigits(local: string): string {
  return local.replace(/[olizsbg]/g, (letter) => lookAlikes.get(letter) ?? letter)
}

/** Whether two local parts end in other short numbers, or one in a digit: letters before may be mistyped as well. */
function haveOtherNumbers(a: string, b: string): boolean {
  const [one, other] = [a, b].map((local) => /^\D+(\d{0,2})$/.exec(local)?.[1])
  if (one === undefined || other === undefined || one === other) return false
  return one.length === other.length || `${one}${other}`.length === 1
}

/** What is left of two local parts without the names. */
interface Left {
  readonly locals: readonly [string, string]
  readonly rests: readonly [string, string]
}

/** Whether the difference is a number or a short word beside the names: `john1` and `john2`, `ada` and `mrada` are two people. */
function isSeries({ locals, rests }: Left): boolean {
  const [a, b] = rests
  if (a === b) return false
  if (/^\d*$/.test(a) && /^\d*$/.test(b)) return !isMistypedNumber(a, b)
  if (isBroken(a, b) || isBroken(b, a)) return false
  if (isNumbered(a, b)) return true
  const lengths = rests.map((rest) => rest.replace(/[\d ]+/g, '').length)
  if (Math.max(...lengths) > (lengths.includes(0) ? 4 : 2)) return false
  const [one = [], other = []] = rests.map((rest, index) => withoutWords(locals[index] ?? '', rest))
  return one.some((left) => other.includes(left))
}

/** Whether a letter was typed for a digit or between two (`1962` and `1d62`), rather than before or after the number. */
function isBroken(number: string, rest: string): boolean {
  const other = rest.replaceAll(' ', '')
  if (!/^\d{3,}$/.test(number) || other.startsWith(number) || other.endsWith(number)) return false
  const most = number.length > 3 && /^\d/.test(other) ? 2 : 1
  return /\D/.test(other) && typingErrors(number, other, most) <= most
}

/** A bound for local parts that are made to take long: more parts than this are no number or short word. */
const mostWords = 4
const mostLefts = 64

/** Every way to remove some words from a local part. */
function withoutWords(local: string, words: string): string[] {
  const parts = words.split(' ').filter((word) => word !== '')
  if (parts.length > mostWords) return []
  let lefts = [local]
  for (const part of parts)
    lefts = [...new Set(lefts.flatMap((left) => withoutWord(left, part)))].slice(0, mostLefts)
  return lefts
}

function withoutWord(text: string, word: string): string[] {
  const found: string[] = []
  for (let at = text.indexOf(word); at !== -1 && found.length < mostLefts; at = text.indexOf(word, at + 1))
    found.push(text.slice(0, at) + text.slice(at + word.length))
  return found
}

/** Whether two texts differ only in a number, by more than a digit that was lost. */
function isNumbered(a: string, b: string): boolean {
  const [one, other] = [digitsOf(a), digitsOf(b)]
  if (one === other || a.replace(/[\d ]+/g, '') !== b.replace(/[\d ]+/g, '')) return false
  return !isMistypedNumber(one, other)
}

/** Whether a digit was lost, or mistyped in a year: `1956` and `156` or `9156`; of shorter numbers, the longer one may be another. */
function isMistypedNumber(a: string, b: string): boolean {
  return (
    /^\d*$/.test(a + b) &&
    Math.max(a.length, b.length) > 3 &&
    (a.length !== b.length || isYear(a) !== isYear(b)) &&
    typingErrors(a, b, 1) === 1
  )
}

function digitsOf(text: string): string {
  return text.replace(/\D+/g, '')
}
