import type { Customer, Mode } from '../api/customer.ts'
import { createdTimeOf, cuidTimeOf } from '../customers/dates.ts'
import { careOf } from '../customers/guards.ts'
import { compareAmounts, isAmount } from './amounts.ts'
import { howSimilar } from './compare-names.ts'
import { mostWords, namesOf } from './fields.ts'
import { type Frequencies, typicalFrequencies } from './frequencies.ts'
import { type Mailboxes, namesDiffer, whyNotDelete } from './proposal.ts'

/** Which of a group's customers is kept; ties are decided by the other rules. */
export const keepRules = ['most-spent', 'oldest', 'newest'] as const
export type KeepRule = (typeof keepRules)[number]

type Order = (a: Customer, b: Customer) => number

const mostSpent: Order = (a, b) => {
  const rank = spentRank(b) - spentRank(a)
  if (rank !== 0) return rank
  return isAmount(a.totalSpent) && isAmount(b.totalSpent) ? compareAmounts(b.totalSpent, a.totalSpent) : 0
}

/** Has spent, then an unreadable amount, which may be spending, then nothing spent. */
function spentRank({ totalSpent }: Customer): number {
  if (!isAmount(totalSpent)) return 1
  return compareAmounts(totalSpent, 0) > 0 ? 2 : 0
}

const live: Order = (a, b) => Number(careOf(b).live) - Number(careOf(a).live)

const oldest: Order = (a, b) => compare(createdTimeOf(a) ?? Infinity, createdTimeOf(b) ?? Infinity)
const newest: Order = (a, b) => compare(createdTimeOf(b) ?? -Infinity, createdTimeOf(a) ?? -Infinity)
/** By the time in the id; ids that are not cuids come last. */
const byCuid: Order = (a, b) => compare(cuidTimeOf(a) ?? Infinity, cuidTimeOf(b) ?? Infinity)
const smallestId: Order = (a, b) => compare(a.id, b.id)

function compare<Value extends string | number>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const orders: Readonly<Record<KeepRule, readonly Order[]>> = {
  'most-spent': [mostSpent, live, oldest, byCuid, smallestId],
  oldest: [oldest, mostSpent, live, byCuid, smallestId],
  newest: [newest, mostSpent, live, byCuid, smallestId],
}

function sortedBy(customers: readonly Customer[], rule: KeepRule): Customer[] {
  return customers.toSorted((a, b) => {
    for (const order of orders[rule]) {
      const difference = order(a, b)
      if (difference !== 0) return difference
    }
    return 0
  })
}

/** The customer that a group keeps. */
export interface Choice {
  readonly keep: Customer
  /** In the order in which they would be kept. */
  readonly others: readonly Customer[]
  /** Why the dates do not decide, so that a person has to; undefined if they do, or are not needed. */
  readonly doubt: string | undefined
}

/**
 * Chooses which of several records of one person to keep: the one that spent most, then one seen in live mode, then the
 * oldest; under the other rules the oldest or the newest (docs/contract.md#whom-to-keep). If dates are unknown or equal,
 * `most-spent` uses the time in the ids, if all have one; otherwise a person has to decide.
 */
export function chooseKeeper(customers: readonly Customer[], rule: KeepRule): Choice {
  const sorted = sortedBy(customers, rule)
  const [first] = sorted
  if (first === undefined) throw new RangeError('a group has no customers')
  const chosen =
    rule === 'most-spent'
      ? firstCreated(sorted.filter((one) => mostSpent(one, first) === 0 && live(one, first) === 0))
      : haveOwnDates(sorted)
        ? first
        : undefined
  const keep = chosen ?? first
  const doubt =
    rule === 'most-spent' ? 'cannot tell which is the oldest' : 'creation dates are unknown or equal'
  return {
    keep,
    others: sorted.filter((one) => one !== keep),
    doubt: chosen === undefined ? doubt : undefined,
  }
}

/** The oldest by date, else by the time in the id; undefined if neither decides. */
function firstCreated(customers: readonly Customer[]): Customer | undefined {
  const created = earliest(customers, createdTimeOf) ?? customers
  return created.length === 1 ? created[0] : onlyEarliest(created, cuidTimeOf)
}

type TimeOf = (customer: Customer) => number | undefined

/** The customer with the earliest time; undefined if a time is unknown, or several are the earliest. */
function onlyEarliest(customers: readonly Customer[], timeOf: TimeOf): Customer | undefined {
  const [only, ...others] = earliest(customers, timeOf) ?? []
  return others.length === 0 ? only : undefined
}

/** Whether every customer has a creation date, and all are different. */
function haveOwnDates(customers: readonly Customer[]): boolean {
  const dates = new Set(customers.map(createdTimeOf))
  return dates.size === customers.length && !dates.has(undefined)
}

/** All customers with the earliest time; undefined if one has none. */
function earliest(customers: readonly Customer[], timeOf: TimeOf): readonly Customer[] | undefined {
  const times = customers.map(timeOf)
  if (times.includes(undefined)) return undefined
  const first = times.reduce((a = 0, b = 0) => Math.min(a, b))
  return customers.filter((_, index) => times[index] === first)
}

/** What is proposed for a customer other than the keeper. */
export interface Proposal {
  readonly decision: 'delete' | 'review'
  /** Why a person has to decide; empty for `delete`. */
  readonly reasons: readonly string[]
}

/**
 * Proposes a deletion only if `whyNotDelete` finds no reason against it, nothing was spent and, unless the key is a live
 * one, the customer was never seen in live mode. Otherwise a person has to decide.
 * @param mailboxes the facts about the mailboxes of the group
 * @param keyMode the mode of the key that would delete; undefined if there is none (offline)
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
    ...(reason === undefined ? [] : reason === namesDiffer ? howNamesDiffer(customer, keeper) : [reason]),
    ...(care.spent ? [isAmount(customer.totalSpent) ? 'has spent' : 'what was spent cannot be read'] : []),
    ...(care.live && keyMode !== 'live' ? ['seen in live mode'] : []),
  ]
  return { decision: reasons.length === 0 ? 'delete' : 'review', reasons }
}

const anyAccount: Frequencies = typicalFrequencies()

/** More specific reasons if the names are similar. How common they are makes no difference. */
function howNamesDiffer(customer: Customer, keeper: Customer): readonly string[] {
  const [names, others] = [namesOf(customer), namesOf(keeper)]
  if (names.length > 2 * mostWords) return [namesDiffer]
  const how = howSimilar(names, others, anyAccount) ?? []
  // Never without a reason: that would be a deletion.
  return how.length === 0 ? [namesDiffer] : how
}
