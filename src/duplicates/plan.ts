import type { Customer } from '../api/customer.ts'
import { fingerprintFields, fingerprintOf, isSameValue } from '../customers/fingerprint.ts'
import { careOf } from '../customers/guards.ts'
import { CliError } from '../errors.ts'
import { stringifyExact } from '../exact.ts'
import { visible } from '../visible.ts'
import { compareAmounts, isAmount } from './amounts.ts'
import type { Plan, PlanGroup, PlanPlace } from './plan-schema.ts'

// A deletion reads this file, so it imports nothing of the model.

/** The text of a plan file: indented JSON with exact numbers. */
export function planText(plan: Plan): string {
  return `${stringifyExact(plan, 2)}\n`
}

/** Whether a person has accepted a group, and decided about each of its records. */
export function isDecided({ reviewed, members }: PlanGroup): boolean {
  return reviewed && members.every(({ decision }) => decision !== 'review')
}

/** Counts of groups and of the records to delete. */
export interface PlanTally {
  readonly groups: number
  readonly decided: number
  readonly delete: number
  /** Records to delete that were only proposed: their group is not decided. */
  readonly proposed: number
}

export function tallyOf({ groups }: Plan): PlanTally {
  const deletions = (of: readonly PlanGroup[]): number =>
    of.reduce((sum, { members }) => sum + members.filter(({ decision }) => decision === 'delete').length, 0)
  return {
    groups: groups.length,
    decided: groups.filter(isDecided).length,
    delete: deletions(groups),
    proposed: deletions(groups.filter((group) => !isDecided(group))),
  }
}

/** A deletion that a plan asks for. */
export interface PlannedDeletion {
  readonly id: string
  readonly fingerprint: string
  /** The id of the customer that is kept instead. */
  readonly keeper: string
  /** Whether the plan deletes the keeper too, so that nothing would be left. */
  readonly keeperDeleted: boolean
  /** As it was seen when the plan was made. */
  readonly record: Customer
}

/**
 * Returns a warning if the plan was made with another key, since keys are rotated (docs/contract.md#plans).
 *
 * @throws CliError `auth` if the plan is for another identity or mode
 */
export function checkPlace(plan: Plan, here: PlanPlace, file: string): string | undefined {
  if (plan.identity !== here.identity || plan.mode !== here.mode) {
    throw new CliError(
      'auth',
      `${visible(file)} is for ${visible(plan.identity)} (${plan.mode}), but the current account is ${visible(here.identity)} (${here.mode})`,
      { hint: 'use the profile and mode that the plan was made with, or make a new plan' },
    )
  }
  if (plan.key.hash === here.key.hash) return undefined
  return `the plan was made with another key (${visible(plan.key.masked)}, now ${visible(here.key.masked)})`
}

/** The deletions of a plan, in its order. */
export function plannedDeletions(plan: Plan): PlannedDeletion[] {
  const deleted = new Set(
    plan.groups.flatMap(({ members }) =>
      members.filter(({ decision }) => decision === 'delete').map(({ id }) => id),
    ),
  )
  return plan.groups.flatMap(({ keeper, members }) =>
    members
      .filter(({ decision }) => decision === 'delete')
      .map(({ id, fingerprint, record }) => ({
        id,
        fingerprint,
        keeper,
        keeperDeleted: deleted.has(keeper),
        record,
      })),
  )
}

/**
 * Why a planned deletion is left out, given both records just before it; undefined if it may proceed
 * (docs/contract.md#plans).
 * @param now the record as it is now
 * @param keeperNow its keeper as it is now; undefined if it no longer exists
 */
export function applyCheck(
  now: Customer,
  keeperNow: Customer | undefined,
  planned: PlannedDeletion,
): string | undefined {
  const { keeper, record } = planned
  if (planned.id === keeper) return 'the plan keeps it'
  if (planned.keeperDeleted) return `its keeper ${visible(keeper)} will be deleted too`
  if (keeperNow === undefined || keeperNow.id !== keeper) return `its keeper ${visible(keeper)} is gone`
  if (hasSpentSince(now, record)) return 'has spent since the plan was made'
  const print = fingerprintOf(now)
  if (print === planned.fingerprint && print === fingerprintOf(record)) return undefined
  const changed = changedFields(now, record)
  return `has changed since the plan was made${changed.length > 0 ? ` (${changed.join(', ')})` : ''}`
}

/** Whether the amount is larger than before, or has become unreadable. */
function hasSpentSince(now: Customer, seen: Customer): boolean {
  if (!careOf(now).spent) return false
  if (!isAmount(now.totalSpent) || !isAmount(seen.totalSpent)) return isAmount(seen.totalSpent)
  return compareAmounts(now.totalSpent, seen.totalSpent) > 0
}

function changedFields(now: Customer, seen: Customer): string[] {
  return fingerprintFields.filter((field) => !isSameValue(now[field], seen[field]))
}
