import type { Customer, Mode } from '../api/customer.ts'
import { fingerprintOf } from '../customers/fingerprint.ts'
import { stringifyExact } from '../exact.ts'
import type { KeepRule } from './decide.ts'
import type { Level } from './evidence.ts'
import type { Group } from './groups.ts'

/** The version of plan files that is written and read (docs/plan.schema.json). Since 2 a fingerprint has no dates in it. */
export const planVersion = 2

/** What is to become of a member of a group; `out` is no member any more, and nothing happens to it. */
export const decisions = ['keep', 'delete', 'review', 'out'] as const
export type Decision = (typeof decisions)[number]

/** A customer in a plan, as it was seen. */
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
  /** Whether a person has been through it (`--review`). */
  readonly reviewed: boolean
  readonly members: readonly PlanMember[]
}

/** Where a plan was made, and holds (docs/contract.md#plans). */
export interface PlanPlace {
  readonly identity: string
  readonly mode: Mode
  /** The key, masked for people and hashed to notice another one; never the key itself. */
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

/** Makes a plan of what was found. */
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

/** The plan as its file holds it: indented for people, numbers by value. */
export function planText(plan: Plan): string {
  return `${stringifyExact(plan, 2)}\n`
}

/** How many members a plan deletes, leaves to review, and keeps or leaves alone. */
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
