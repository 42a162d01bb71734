import { documentedFields } from '../api/customer.ts'
import { fieldOf } from '../customers/fields.ts'
import { isSameValue } from '../customers/fingerprint.ts'
import { propose } from './decide.ts'
import { evidenceOf } from './evidence.ts'
import type { Decision, Plan, PlanGroup, PlanMember } from './plan-schema.ts'
import { mailboxesOf } from './proposal.ts'

/** What a person can do in a review. */
export type Step =
  /** Choose a member: the next, the previous, or by its index from 0. */
  | { readonly do: 'next' | 'previous' }
  | { readonly do: 'choose'; readonly place: number }
  /** With the chosen member: keep it, take it out of the group or put it back, mark it for deletion or unmark it. */
  | { readonly do: 'keep' | 'out' | 'mark' }
  /** Accept the group as it is, and do not show it again. */
  | { readonly do: 'settle' }
  /** Show the group again next time; go back to the previous one; leave the review. */
  | { readonly do: 'skip' | 'back' | 'quit' }

export interface Review {
  readonly plan: Plan
  /** The index of the shown group. */
  readonly at: number
  /** The index of the chosen member. */
  readonly chosen: number
  /** Why the last step did nothing. */
  readonly note: string | undefined
  /** Whether the person left, or every group has been shown. */
  readonly over: boolean
}

/** Starts or resumes a review at the first group that is not reviewed. */
export function beginReview(plan: Plan): Review {
  const at = nextGroup(plan, -1)
  return { plan, at: at ?? 0, chosen: 0, note: undefined, over: at === undefined }
}

/**
 * The review after a step. The given review is not modified; if `plan` is a new object, the plan file has to be written.
 * Never deletes anything: a mark is a decision in the plan.
 */
export function stepReview(review: Review, step: Step): Review {
  const group = review.plan.groups[review.at]
  if (review.over || group === undefined) return { ...review, over: true }
  const cleared = { ...review, note: undefined }
  switch (step.do) {
    case 'next':
      return { ...cleared, chosen: (review.chosen + 1) % group.members.length }
    case 'previous':
      return { ...cleared, chosen: (review.chosen + group.members.length - 1) % group.members.length }
    case 'choose':
      return group.members[step.place] === undefined
        ? { ...cleared, note: `there is no ${step.place + 1} in this group` }
        : { ...cleared, chosen: step.place }
    case 'keep':
      return withGroup(cleared, kept(group, review.chosen, review.plan))
    case 'out':
      return takeOut(cleared, group)
    case 'mark':
      return mark(cleared, group)
    case 'settle':
      return goTo(withGroup(cleared, { ...group, reviewed: true }), nextGroup(review.plan, review.at))
    case 'skip':
      return goTo(cleared, nextGroup(review.plan, review.at))
    case 'back':
      return review.at === 0
        ? { ...cleared, note: 'this is the first group' }
        : { ...cleared, at: review.at - 1, chosen: 0 }
    case 'quit':
      return { ...cleared, over: true }
  }
}

/** The next group after `after` that is not reviewed. */
function nextGroup({ groups }: Plan, after: number): number | undefined {
  const found = groups.findIndex(({ reviewed }, index) => index > after && !reviewed)
  return found === -1 ? undefined : found
}

function goTo(review: Review, at: number | undefined): Review {
  return at === undefined ? { ...review, over: true } : { ...review, at, chosen: 0 }
}

function withGroup(review: Review, group: PlanGroup): Review {
  const groups = review.plan.groups.with(review.at, group)
  return { ...review, plan: { ...review.plan, groups } }
}

function withDecision(group: PlanGroup, place: number, decision: Decision): PlanGroup {
  const member = group.members[place]
  return member === undefined
    ? group
    : { ...group, members: group.members.with(place, { ...member, decision }) }
}

/** Changes the keeper, and updates the proposals for the others. */
function kept(group: PlanGroup, place: number, plan: Plan): PlanGroup {
  const keeper = group.members[place]
  if (keeper === undefined) return group
  const mailboxes = mailboxesOf(group.members.map(({ record }) => record))
  const members = group.members.map((member, index): PlanMember => {
    if (index === place) return { ...member, decision: 'keep', why: '', reasons: [] }
    if (member.decision === 'out') return member
    const evidence = evidenceOf(member.record, keeper.record)
    const { decision, reasons } = propose(member.record, keeper.record, mailboxes, plan.mode)
    return { ...member, decision, reasons, why: evidence?.why ?? '' }
  })
  return { ...group, keeper: keeper.id, members }
}

function takeOut(review: Review, group: PlanGroup): Review {
  const member = group.members[review.chosen]
  if (member === undefined) return review
  if (member.decision === 'out') return withGroup(review, withDecision(group, review.chosen, 'review'))
  if (member.id === group.keeper)
    return { ...review, note: 'this customer is to be kept: first choose another one to keep' }
  return withGroup(review, withDecision(group, review.chosen, 'out'))
}

function mark(review: Review, group: PlanGroup): Review {
  const member = group.members[review.chosen]
  if (member === undefined) return review
  if (member.id === group.keeper)
    return { ...review, note: 'this customer is to be kept: first choose another one to keep' }
  if (member.decision === 'out')
    return { ...review, note: 'this customer is out of the group: first put it back' }
  return withGroup(
    review,
    withDecision(group, review.chosen, member.decision === 'delete' ? 'review' : 'delete'),
  )
}

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
