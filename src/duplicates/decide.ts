import type { Customer, Mode } from '../api/customer.ts'
import { parseIsoDate } from '../customers/dates.ts'
import { careOf } from '../customers/guards.ts'
import { compareAmounts, isAmount } from './amounts.ts'
import { wordsFor } from './likely.ts'
import { compareNames } from './name-match.ts'
import { nameOf } from './names.ts'
import { type Mailboxes, namesDiffer, whyNotDelete } from './proposal.ts'

/** Which of a group's customers is kept; what is equal goes on to the other rules. */
export const keepRules = ['most-spent', 'oldest', 'newest'] as const
export type KeepRule = (typeof keepRules)[number]

type Order = (a: Customer, b: Customer) => number

const mostSpent: Order = (a, b) => {
  const rank = spentRank(b) - spentRank(a)
  if (rank !== 0) return rank
  return isAmount(a.totalSpent) && isAmount(b.totalSpent) ? compareAmounts(b.totalSpent, a.totalSpent) : 0
}

/** Known to have spent, then what cannot be read and so may have, then nothing or less. */
function spentRank({ totalSpent }: Customer): number {
  if (!isAmount(totalSpent)) return 1
  return compareAmounts(totalSpent, 0) > 0 ? 2 : 0
}

const live: Order = (a, b) => Number(careOf(b).live) - Number(careOf(a).live)

/** A date that cannot be read makes nobody the oldest, nor the newest. */
const oldest: Order = (a, b) =>
  compare(created(a, Number.POSITIVE_INFINITY), created(b, Number.POSITIVE_INFINITY))
const newest: Order = (a, b) =>
  compare(created(b, Number.NEGATIVE_INFINITY), created(a, Number.NEGATIVE_INFINITY))
const smallestId: Order = (a, b) => compare(a.id, b.id)

function created({ createdAt }: Customer, otherwise: number): number {
  return typeof createdAt === 'string' ? (parseIsoDate(createdAt) ?? otherwise) : otherwise
}

function compare<Value extends string | number>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const orders: Readonly<Record<KeepRule, readonly Order[]>> = {
  'most-spent': [mostSpent, live, oldest, smallestId],
  oldest: [oldest, mostSpent, live, smallestId],
  newest: [newest, mostSpent, live, smallestId],
}

/**
 * Customers in the order in which they are worth keeping, the one to keep first: most `totalSpent`, then seen in
 * live, then oldest, then smallest id; another rule goes before these (issue, "Whom to keep").
 */
export function byWorth(customers: readonly Customer[], rule: KeepRule): Customer[] {
  return customers.toSorted((a, b) => {
    for (const order of orders[rule]) {
      const difference = order(a, b)
      if (difference !== 0) return difference
    }
    return 0
  })
}

/** What is proposed for a customer that is not the one to keep. */
export interface Proposal {
  readonly decision: 'delete' | 'review'
  /** Why a person has to decide; empty for `delete`. */
  readonly reasons: readonly string[]
}

/**
 * Deletion is proposed only where `whyNotDelete` has nothing against it and nothing was spent; under anything but a
 * live key also only where the customer was never seen in live mode. All else a person has to decide.
 * @param mailboxes the facts about the mailboxes of the group
 * @param keyMode the mode of the key that would delete; undefined where there is none (offline)
 */
export function propose(
  customer: Customer,
  keeper: Customer,
  mailboxes: Mailboxes,
  keyMode: Mode | undefined,
): Proposal {
  const care = careOf(customer)
  const reason = whyNotDelete(customer, keeper, mailboxes)
  const reasons = [
    ...(reason === undefined ? [] : [reason === namesDiffer ? howNamesDiffer(customer, keeper) : reason]),
    ...(care.spent ? [isAmount(customer.totalSpent) ? 'has spent' : 'what was spent cannot be read'] : []),
    ...(care.live && keyMode !== 'live' ? ['seen in live mode'] : []),
  ]
  return { decision: reasons.length === 0 ? 'delete' : 'review', reasons }
}

/** In more words, where names that differ are near each other. */
function howNamesDiffer(customer: Customer, keeper: Customer): string {
  const agreement = compareNames(nameOf(customer), nameOf(keeper))
  return agreement === undefined || agreement.kind === 'same' ? namesDiffer : wordsFor(agreement)
}
