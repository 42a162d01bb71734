import type { Customer, Mode } from '../api/customer.ts'
import { fingerprintOf } from '../customers/fingerprint.ts'
import { stringifyExact } from '../exact.ts'
import type { KeepRule } from './decide.ts'
import type { Level } from './evidence.ts'
import type { Group } from './groups.ts'

/** The version of plan files (docs/plan.schema.json). Fingerprints of version 1 included dates. */
export const planVersion = 2

/** What to do with a member of a group; `out` takes it out of the group, and nothing happens to it. */
export const decisions = ['keep', 'delete', 'review', 'out'] as const
export type Decision = (typeof decisions)[number]

/** A customer in a plan, as it was when the plan was made. */
export interface PlanMember {
  readonly id: string
  readonly decision: Decision
  /** Why it belongs to the group. */
  readonly why: string
  /** Why a person has to decide. */
  readonly reasons: readonly string[]
  readonly fingerprint: string
  readonly record: Customer
}

export interface PlanGroup {
  readonly level: Level
  readonly why: string
  /** The id of the member that stays when others are deleted. */
  readonly keeper: string
  /** Whether a person has reviewed it (`--review`). */
  readonly reviewed: boolean
  readonly members: readonly PlanMember[]
}

/** The account for which a plan is valid (docs/contract.md#plans). */
export interface PlanPlace {
  readonly identity: string
  readonly mode: Mode
  /** The key, masked for display and hashed to detect another one; never the key itself. */
  readonly key: { readonly masked: string; readonly hash: string }
}

export interface PlanOptions {
  readonly match: Level
  readonly keep: KeepRule
}

/** The decisions about all groups: a file that people read, edit and apply. */
export interface Plan extends PlanPlace {
  readonly version: typeof planVersion
  /** ISO 8601. */
  readonly when: string
  readonly options: PlanOptions
  readonly groups: readonly PlanGroup[]
}

export interface PlanHead extends PlanPlace {
  /** Epoch ms. */
  readonly when: number
  readonly options: PlanOptions
}

/** Makes a plan of duplicates that were found. */
export function planOf(groups: Iterable<Group>, { identity, mode, key, when, options }: PlanHead): Plan {
  return {
    version: planVersion,
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
