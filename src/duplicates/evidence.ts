import type { Customer } from '../api/customer.ts'
import type { Frequencies } from './frequencies.ts'
import { exactAddress, isCutAddress, mailboxKey, mailboxOf, whyOneMailbox } from './mailbox.ts'
import { type Comparison, explain, type Part } from './model.ts'

/**
 * How certain it is that two customers are one person, most certain first; each level includes the previous ones
 * (docs/contract.md#levels).
 */
export const levels = ['exact', 'alias', 'likely'] as const
export type Level = (typeof levels)[number]

/** With `likely`: how probable it is, at least, that two customers are one person. */
export const usualCertainty = 0.9
export const certainties = { least: 0.5, most: 0.999 } as const

/** What the probability of two customers depends on besides them. */
export interface Measure {
  /** Of the names and domains in the whole account. */
  readonly frequencies: Frequencies
  /** From which probability two customers are `likely` one person. */
  readonly certainty: number
}

/** How probable it is that two customers are one person, and why. */
export interface Evidence {
  /** The level at which these two are found; undefined if they are not similar enough by themselves. */
  readonly level: Level | undefined
  /** In a few words. */
  readonly why: string
  /** From 0.0001 to 0.9999. */
  readonly probability: number
  /** In tenths of a bit, which add up to the log2 of the odds of the probability. */
  readonly because: readonly Part[]
  /** The id of the customer that it was compared with, if that is not the keeper. */
  readonly comparedWith?: string | undefined
}

/**
 * The evidence that two customers are one person, or against it. Probability and bits are worked out when they are read:
 * in a pipe nobody reads those of one mailbox, and they would be a third of the work.
 */
export function evidenceOf(a: Customer, b: Customer, { frequencies, certainty }: Measure): Evidence {
  let known: Comparison | undefined
  const found = (): Comparison => {
    known ??= explain(a, b, frequencies)
    return known
  }
  return {
    ...levelOf(a, b, found, certainty),
    get probability() {
      return Math.min(0.9999, Math.max(0.0001, Math.round(found().probability * 1e4) / 1e4))
    },
    get because() {
      return roundedParts(found().because, 10)
    },
  }
}

/**
 * Why a customer is in a group: the evidence of the pair with the keeper or, if these two are not similar enough by
 * themselves, with the nearest other member.
 */
export function evidenceInGroup(
  customer: Customer,
  keeper: Customer,
  members: readonly Customer[],
  measure: Measure,
): Evidence {
  const own = evidenceOf(customer, keeper, measure)
  if (own.level !== undefined) return own
  let nearest: Evidence | undefined
  for (const other of members) {
    if (other.id === customer.id || other.id === keeper.id) continue
    const found = evidenceOf(customer, other, measure)
    if (found.level === undefined || found.probability <= (nearest?.probability ?? 0)) continue
    nearest = { ...found, comparedWith: other.id }
  }
  return nearest ?? own
}

function levelOf(
  a: Customer,
  b: Customer,
  found: () => Comparison,
  certainty: number,
): Pick<Evidence, 'level' | 'why'> {
  const [addressA, addressB] = [exactAddress(a.email), exactAddress(b.email)]
  if (addressA !== undefined && addressB !== undefined) {
    if (addressA === addressB) return { level: 'exact', why: whySame(a, b) }
    const mailbox = mailboxOf(addressA)
    if (mailboxKey(mailbox) === mailboxKey(mailboxOf(addressB)))
      return { level: 'alias', why: whyOneMailbox(mailbox) }
  }
  const { bits, why } = found()
  return { level: bits >= bitsOf(certainty) ? 'likely' : undefined, why }
}

/** The log2 of the odds of a probability. */
export function bitsOf(probability: number): number {
  return Math.log2(probability / (1 - probability))
}

/**
 * Parts in whole bits, or tenths of them, that add up to their sum rounded in the same way: each is rounded up or down.
 * @param steps in a bit
 */
export function roundedParts(parts: readonly Part[], steps: number): Part[] {
  let sum = 0
  let before = 0
  return parts.map(({ text, bits }) => {
    sum += bits
    const until = Math.round(sum * steps)
    const own = until - before
    before = until
    // Never -0.
    return { text, bits: own / steps + 0 }
  })
}

function whySame(a: Customer, b: Customer): string {
  if (a.email === b.email) return 'same e-mail'
  return isCutAddress(a.email) || isCutAddress(b.email)
    ? 'two long e-mails with the same beginning'
    : 'same e-mail except for case, spaces or Unicode form'
}
