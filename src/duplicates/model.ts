import type { Customer } from '../api/customer.ts'
import { count } from '../count.ts'
import { compareEmails } from './compare-emails.ts'
import { compareNames, type Evidence } from './compare-names.ts'
import { comparedNames, type Fields, fieldsOf } from './fields.ts'
import type { Frequencies } from './frequencies.ts'

/** How certain it is that two customers are one person, and why. */
export interface Comparison {
  readonly probability: number
  /** The log2 of the odds: the sum of the bits below. */
  readonly bits: number
  /** What speaks for one person (above 0) and against it, with what is known before looking at them last. */
  readonly because: readonly Part[]
  /** How the e-mails are similar, or that they are not. */
  readonly why: string
}

/** A part of an explanation: how much it speaks for one person, or, below 0, against it. */
export interface Part {
  readonly text: string
  readonly bits: number
}

/** The size from which an account's own size counts; in a smaller one, one pair in as many is assumed to be a duplicate. */
const smallest = 300
/** How many relatives a customer has in the account. */
const relatives = 0.1
/** How many duplicates a customer has, for each mailbox with two records of one person that a customer has. */
const duplicatesForRepeated = 5
/** Where they were not counted, one customer in 25 has such a mailbox. */
const usualRepeated = 0.04
/** An API that refuses an e-mail that exists leaves no such mailbox, however many duplicates there are. */
const [leastDuplicates, mostDuplicates] = [0.1, 0.3]

/** What e-mails say that are not similar, or cannot be compared. */
const notSimilar = -3.3
/** With them, names say no more than this, so that two strangers are likelier: some share the rarest names. */
const mostOfNames = 12

/**
 * Compares two customers by the model of Fellegi and Sunter, with three hypotheses: one person, two relatives, two
 * strangers. Undefined if the e-mails are not similar: names alone are not enough.
 */
export function compare(one: Fields, other: Fields, frequencies: Frequencies): Comparison | undefined {
  // It must make no difference which of the two comes first.
  const [a, b] = isBefore(one, other) ? [one, other] : [other, one]
  const emails = compareEmails(a, b, frequencies)
  if (emails === undefined) return undefined
  return weighed(compareNames(a.names, b.names, frequencies), emails, frequencies)
}

/** What the names of two customers say for one person, in bits. */
export function nameBits(one: Fields, other: Fields, frequencies: Frequencies): number {
  return sumOf(nameEvidence(one, other, frequencies), 'person')
}

/** Whether the names of two customers are rather one person's than two relatives' or two strangers'. */
export function haveOneName(one: Fields, other: Fields, frequencies: Frequencies): boolean {
  const evidence = nameEvidence(one, other, frequencies)
  return sumOf(evidence, 'person') > Math.max(0, sumOf(evidence, 'relatives'))
}

function nameEvidence(one: Fields, other: Fields, frequencies: Frequencies): Evidence[] {
  const [a, b] = isBefore(one, other) ? [one, other] : [other, one]
  return compareNames(a.names, b.names, frequencies)
}

function sumOf(evidence: readonly Evidence[], hypothesis: 'person' | 'relatives'): number {
  return evidence.reduce((sum, one) => sum + one[hypothesis], 0)
}

/** As `compare`, but of any two customers: without similar e-mails, the probability is below 0.5. */
export function explain(a: Customer, b: Customer, frequencies: Frequencies): Comparison {
  const [one, other] = [fieldsOf(a), fieldsOf(b)]
  const isUnknown = one === undefined || other === undefined
  const similar = isUnknown ? undefined : compare(one, other, frequencies)
  if (similar !== undefined) return similar
  const [first = [], second = []] = [comparedNames(a), comparedNames(b)].sort((x, y) =>
    x.join(' ') < y.join(' ') ? -1 : 1,
  )
  const names = compareNames(first, second, frequencies)
  const excess = Math.max(0, sumOf(names, 'person') - mostOfNames)
  const text = isUnknown ? 'an e-mail is missing, or no address' : 'the e-mails are not similar'
  return weighed(names, [{ text, person: notSimilar - excess, relatives: 0 }], frequencies)
}

function isBefore(a: Fields, b: Fields): boolean {
  return a.mailbox === b.mailbox ? a.names.join(' ') <= b.names.join(' ') : a.mailbox < b.mailbox
}

/** Weighs the three hypotheses. */
function weighed(
  names: readonly Evidence[],
  emails: readonly Evidence[],
  frequencies: Frequencies,
): Comparison {
  const evidence = [...names, ...emails]
  const person = sumOf(evidence, 'person') + prior(frequencies)
  const others = [sumOf(evidence, 'relatives') + chance(relatives, frequencies), 0]
  const strongest = Math.max(...others)
  const bits =
    person - (strongest + Math.log2(others.reduce((total, one) => total + 2 ** (one - strongest), 0)))
  return {
    bits,
    probability: 1 / (1 + 2 ** -bits),
    // Of most pairs nobody asks why.
    get because() {
      return partsOf(evidence, bits, strongest !== 0, frequencies)
    },
    get why() {
      return emails.map((one) => one.text).join('; ')
    },
  }
}

/** The parts of an explanation, which add up to `bits`. */
function partsOf(
  evidence: readonly Evidence[],
  bits: number,
  versusRelatives: boolean,
  frequencies: Frequencies,
): Part[] {
  const parts = evidence.map(({ text, person, relatives }) => ({
    text,
    bits: versusRelatives ? person - relatives : person,
  }))
  const before = bits - parts.reduce((total, one) => total + one.bits, 0)
  const text = versusRelatives
    ? `relatives are ${before > 0 ? 'rarer' : 'as common'}`
    : frequencies.customers === 0
      ? `as in an account of ${count(smallest, 'customer')}`
      : `two of ${count(frequencies.customers, 'customer')} are seldom one person`
  return [...parts, { text, bits: before }].filter((part) => part.bits !== 0)
}

/** What is known of two customers before they are compared, in bits: how likely any two are one person. */
export function prior(frequencies: Frequencies): number {
  return chance(duplicatesIn(frequencies), frequencies)
}

/** How likely any two customers are such a pair, in bits, if each customer has so many. */
function chance(each: number, { customers }: Frequencies): number {
  return Math.log2((2 * each) / Math.max(smallest, customers))
}

/**
 * How many duplicates a customer has at other mailboxes. They cannot be counted, but where people are entered twice at one
 * mailbox, which is certain, they are at two as well.
 */
function duplicatesIn({ customers, repeatedMailboxes }: Frequencies): number {
  const known = repeatedMailboxes ?? customers * usualRepeated
  const share = (known + smallest * usualRepeated) / (customers + smallest)
  return Math.min(mostDuplicates, Math.max(leastDuplicates, duplicatesForRepeated * share))
}
