import type { Customer, Mode } from '../api/customer.ts'
import { createdTimeOf, cuidTimeOf } from '../customers/dates.ts'
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

const oldest: Order = (a, b) => compare(createdTimeOf(a) ?? Infinity, createdTimeOf(b) ?? Infinity)
const newest: Order = (a, b) => compare(createdTimeOf(b) ?? -Infinity, createdTimeOf(a) ?? -Infinity)
/** By the time inside the id; what is no cuid comes last. */
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

/** Whom a group keeps. */
export interface Choice {
  readonly keep: Customer
  /** In the order in which they would be worth keeping. */
  readonly others: readonly Customer[]
  /** Why the dates cannot say whom to keep, so that a person has to; undefined where they can, or need not. */
  readonly doubt: string | undefined
}

/**
 * Whom to keep of customers that are one person: who has spent most, else who was seen in live, else the oldest; with
 * another rule the oldest or the newest (docs/contract.md#whom-to-keep). Unknown and equal dates decide nothing: without
 * a rule about dates the time inside the ids does where all have one, else a person has to.
 */
export function chooseKeeper(customers: readonly Customer[], rule: KeepRule): Choice {
  const sorted = sortedBy(customers, rule)
  const [first] = sorted
  if (first === undefined) throw new RangeError('a group of nobody')
  const chosen =
    rule === 'most-spent'
      ? firstCreated(sorted.filter((one) => mostSpent(one, first) === 0 && live(one, first) === 0))
      : haveOwnDates(sorted)
        ? first
        : undefined
  const keep = chosen ?? first
  const doubt =
    rule === 'most-spent' ? 'nothing tells which is the oldest' : 'creation dates are unknown or equal'
  return {
    keep,
    others: sorted.filter((one) => one !== keep),
    doubt: chosen === undefined ? doubt : undefined,
  }
}

/** The oldest by date, else by the time inside the id; undefined where neither tells. */
function firstCreated(customers: readonly Customer[]): Customer | undefined {
  const created = earliest(customers, createdTimeOf) ?? customers
  return created.length === 1 ? created[0] : onlyEarliest(created, cuidTimeOf)
}

type TimeOf = (customer: Customer) => number | undefined

/** The one whose time is the earliest; undefined where a time is unknown, or several are the earliest. */
function onlyEarliest(customers: readonly Customer[], timeOf: TimeOf): Customer | undefined {
  const [only, ...others] = earliest(customers, timeOf) ?? []
  return others.length === 0 ? only : undefined
}

/** Whether every customer has a creation date, and each another one. */
function haveOwnDates(customers: readonly Customer[]): boolean {
  const dates = new Set(customers.map(createdTimeOf))
  return dates.size === customers.length && !dates.has(undefined)
}

/** All whose time is the earliest; undefined where one has none. */
function earliest(customers: readonly Customer[], timeOf: TimeOf): readonly Customer[] | undefined {
  const times = customers.map(timeOf)
  if (times.includes(undefined)) return undefined
  const first = times.reduce((a = 0, b = 0) => Math.min(a, b))
  return customers.filter((_, index) => times[index] === first)
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
