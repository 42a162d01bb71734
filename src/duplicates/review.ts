import { propose } from './decide.ts'
import { evidenceOf } from './evidence.ts'
import type { Decision, Plan, PlanGroup, PlanMember } from './plan.ts'
import { mailboxesOf } from './proposal.ts'

/** What a person can do in a review; a terminal gives each its key. */
export type Step =
  /** Choose a member: the next, the one before, or by its place from 0. */
  | { readonly do: 'next' | 'previous' }
  | { readonly do: 'choose'; readonly place: number }
  /** With the chosen member: keep it, take it out of the group or back in, mark it for deletion or unmark it. */
  | { readonly do: 'keep' | 'out' | 'mark' }
  /** The group is settled as it stands: go on, and do not show it again. */
  | { readonly do: 'settle' }
  /** Go on, and show it again next time; back to the one before; leave. */
  | { readonly do: 'skip' | 'back' | 'quit' }

export interface Review {
  readonly plan: Plan
  /** Which group is shown. */
  readonly at: number
  /** Which of its members is chosen. */
  readonly chosen: number
  /** Said once, about the last step: why it did nothing. */
  readonly note: string | undefined
  /** Whether the person left, or every group has been shown. */
  readonly over: boolean
}

/** Begins, or takes up again: with the first group that nobody has been through. */
export function beginReview(plan: Plan): Review {
  const at = nextGroup(plan, -1)
  return { plan, at: at ?? 0, chosen: 0, note: undefined, over: at === undefined }
}

/**
 * What a step makes of a review. Nothing is changed in place; where `plan` is another one afterwards, the plan file is
 * to be written. Never deletes anything: a mark is a decision of the plan.
 */
export function stepReview(review: Review, step: Step): Review {
  const group = review.plan.groups[review.at]
  if (review.over || group === undefined) return { ...review, over: true }
  const calm = { ...review, note: undefined }
  switch (step.do) {
    case 'next':
      return { ...calm, chosen: (review.chosen + 1) % group.members.length }
    case 'previous':
      return { ...calm, chosen: (review.chosen + group.members.length - 1) % group.members.length }
    case 'choose':
      return group.members[step.place] === undefined
        ? { ...calm, note: `there is no ${step.place + 1} in this group` }
        : { ...calm, chosen: step.place }
    case 'keep':
      return withGroup(calm, kept(group, review.chosen, review.plan))
    case 'out':
      return takeOut(calm, group)
    case 'mark':
      return mark(calm, group)
    case 'settle':
      return goTo(withGroup(calm, { ...group, reviewed: true }), nextGroup(review.plan, review.at))
    case 'skip':
      return goTo(calm, nextGroup(review.plan, review.at))
    case 'back':
      return review.at === 0
        ? { ...calm, note: 'this is the first group' }
        : { ...calm, at: review.at - 1, chosen: 0 }
    case 'quit':
      return { ...calm, over: true }
  }
}

/** The next group that nobody has been through, after one. */
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

/** Another one to keep: what is proposed for the others is found anew, as they may be less like it. */
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
    return { ...review, note: 'this is the one to keep: choose another to keep first' }
  return withGroup(review, withDecision(group, review.chosen, 'out'))
}

function mark(review: Review, group: PlanGroup): Review {
  const member = group.members[review.chosen]
  if (member === undefined) return review
  if (member.id === group.keeper)
    return { ...review, note: 'this is the one to keep: choose another to keep first' }
  if (member.decision === 'out')
    return { ...review, note: 'this one is out of the group: take it in again first' }
  return withGroup(
    review,
    withDecision(group, review.chosen, member.decision === 'delete' ? 'review' : 'delete'),
  )
}
