import { documentedFields } from '../api/customer.ts'
import { fieldOf } from '../customers/fields.ts'
import { isSameValue } from '../customers/fingerprint.ts'
import type { PlanGroup, PlanMember } from './plan-schema.ts'
import type { Review } from './review.ts'

/** A member as the review shows it. */
export interface Card {
  readonly member: PlanMember
  readonly chosen: boolean
  readonly keeper: boolean
  /** The documented fields, other than the id, in which it differs from the keeper. */
  readonly differs: readonly string[]
}

export interface Shown {
  /** From 1. */
  readonly number: number
  readonly of: number
  /** How many groups are not reviewed yet. */
  readonly left: number
  readonly level: PlanGroup['level']
  readonly why: string
  readonly reviewed: boolean
  readonly cards: readonly Card[]
  readonly note: string | undefined
}

/** What to show now; undefined if the review is over. */
export function shownOf({ plan, at, chosen, note, over }: Review): Shown | undefined {
  const group = plan.groups[at]
  if (over || group === undefined) return undefined
  const keeper = group.members.find(({ id }) => id === group.keeper)
  const cards = group.members.map((member, index) => ({
    member,
    chosen: index === chosen,
    keeper: member === keeper,
    differs: keeper === undefined || member === keeper ? [] : differing(member, keeper),
  }))
  const left = plan.groups.filter(({ reviewed }) => !reviewed).length
  const { level, why, reviewed } = group
  return { number: at + 1, of: plan.groups.length, left, level, why, reviewed, cards, note }
}

function differing({ record }: PlanMember, keeper: PlanMember): string[] {
  return documentedFields.filter(
    (field) => field !== 'id' && !isSameValue(fieldOf(record, field), fieldOf(keeper.record, field)),
  )
}
