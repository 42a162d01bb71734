import type { Customer } from '../api/customer.ts'
import { fingerprintFields, fingerprintOf, isSameValue } from '../customers/fingerprint.ts'
import { careOf } from '../customers/guards.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { compareAmounts, isAmount } from './amounts.ts'
import type { Plan, PlanPlace } from './plan.ts'

/** A deletion that a plan asks for. */
export interface PlannedDeletion {
  readonly id: string
  readonly fingerprint: string
  /** The id of the one that stays for it. */
  readonly keeper: string
  /** Whether the plan deletes the keeper as well, so that nobody would stay. */
  readonly keeperGoes: boolean
  /** As it was seen when the plan was made. */
  readonly record: Customer
}

/**
 * Refuses a plan that was made elsewhere: another identity or mode is `auth` (docs/contract.md#plans). Returns a
 * warning where only the key is another one, since keys are rotated.
 */
export function checkPlace(plan: Plan, here: PlanPlace, file: string): string | undefined {
  if (plan.identity !== here.identity || plan.mode !== here.mode) {
    throw new CliError(
      'auth',
      `${visible(file)} is for ${visible(plan.identity)} (${plan.mode}), and this is ${visible(here.identity)} (${here.mode})`,
      { hint: 'use the profile and mode that the plan was made with, or make a plan here' },
    )
  }
  if (plan.key.hash === here.key.hash) return undefined
  return `the plan was made with another key (${visible(plan.key.masked)}, now ${visible(here.key.masked)})`
}

/** The deletions of a plan, in its order. */
export function plannedDeletions(plan: Plan): PlannedDeletion[] {
  const going = new Set(
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
        keeperGoes: going.has(keeper),
        record,
      })),
  )
}

/**
 * Why a planned deletion has to be left out, given both records as they are just before it; undefined when it may go
 * on (docs/contract.md#plans).
 * @param now the record as it is now
 * @param keeperNow its keeper as it is now; undefined where there is none any more
 */
export function applyCheck(
  now: Customer,
  keeperNow: Customer | undefined,
  planned: PlannedDeletion,
): string | undefined {
  const { keeper, record } = planned
  if (planned.id === keeper) return 'it is the one that the plan keeps'
  if (planned.keeperGoes) return `its keeper ${visible(keeper)} is itself to be deleted`
  if (keeperNow === undefined || keeperNow.id !== keeper) return `its keeper ${visible(keeper)} is gone`
  if (hasSpentSince(now, record)) return 'has spent since the plan was made'
  const print = fingerprintOf(now)
  if (print === planned.fingerprint && print === fingerprintOf(record)) return undefined
  const changed = changedFields(now, record)
  return `has changed since the plan was made${changed.length > 0 ? ` (${changed.join(', ')})` : ''}`
}

/** A larger amount than was seen, or one that cannot be read where it could be. */
function hasSpentSince(now: Customer, seen: Customer): boolean {
  if (!careOf(now).spent) return false
  if (!isAmount(now.totalSpent) || !isAmount(seen.totalSpent)) return isAmount(seen.totalSpent)
  return compareAmounts(now.totalSpent, seen.totalSpent) > 0
}

function changedFields(now: Customer, seen: Customer): string[] {
  return fingerprintFields.filter((field) => !isSameValue(now[field], seen[field]))
}
