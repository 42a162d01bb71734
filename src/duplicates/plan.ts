import type { Customer } from '../api/customer.ts'
import { fingerprintOf } from '../customers/fingerprint.ts'
import { stringifyExact } from '../exact.ts'
import type { Group } from './groups.ts'
import type { Decision, Plan, PlanGroup, PlanMember, PlanPlace } from './plan-schema.ts'

export interface PlanHead extends PlanPlace {
  /** Epoch ms. */
  readonly when: number
  readonly options: Plan['options']
}

/** Makes a plan of duplicates that were found. */
export function planOf(groups: Iterable<Group>, { identity, mode, key, when, options }: PlanHead): Plan {
  return {
    version: 2,
    identity,
    mode,
    key,
    when: new Date(when).toISOString(),
    options,
    groups: Array.from(groups, planGroup),
  }
}

function planGroup({ level, why, keep, twins }: Group): PlanGroup {
  return {
    level,
    why,
    keeper: keep.id,
    reviewed: false,
    members: [
      member(keep, 'keep', '', []),
      ...twins.map(({ customer, evidence, decision, reasons }) =>
        member(customer, decision, evidence.why, reasons),
      ),
    ],
  }
}

function member(record: Customer, decision: Decision, why: string, reasons: readonly string[]): PlanMember {
  return { id: record.id, decision, why, reasons, fingerprint: fingerprintOf(record), record }
}

/** The text of a plan file: indented JSON with exact numbers. */
export function planText(plan: Plan): string {
  return `${stringifyExact(plan, 2)}\n`
}

/** Counts of groups, of reviewed groups, and of members with `delete` and `review`. */
export interface PlanTally {
  readonly groups: number
  readonly reviewed: number
  readonly delete: number
  readonly review: number
}

export function tallyOf({ groups }: Plan): PlanTally {
  const count = (decision: Decision): number =>
    groups.reduce((sum, { members }) => sum + members.filter((one) => one.decision === decision).length, 0)
  return {
    groups: groups.length,
    reviewed: groups.filter(({ reviewed }) => reviewed).length,
    delete: count('delete'),
    review: count('review'),
  }
}
