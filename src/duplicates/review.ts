import { documentedFields } from '../api/customer.ts'
import { fieldOf } from '../customers/fields.ts'
import { isSameValue } from '../customers/fingerprint.ts'
import { propose } from './decide.ts'
import { evidenceInGroup, type Level } from './evidence.ts'
import { summaryOf } from './groups.ts'
import { isDecided, type PlanTally, tallyOf } from './plan.ts'
import { keeping, measureOf, proposed } from './plan-make.ts'
import type { Decision, Plan, PlanGroup, PlanMember } from './plan-schema.ts'
import { mailboxesOf } from './proposal.ts'

/** What a person can do in a review. */
export type Step =
  /** Choose a record: the next, the previous, or by its index from 0. */
  | { readonly do: 'next' | 'previous' }
  | { readonly do: 'choose'; readonly place: number }
  /** Decide about the chosen record. `delete` and `separate` (a different person) also take the decision back. */
  | { readonly do: 'keep' | 'delete' | 'separate' }
  /** Accept the group as it is, and go to the next one that is not decided. */
  | { readonly do: 'accept' }
  /** Look at another group, decided or not, without accepting this one. */
  | { readonly do: 'nextGroup' | 'previousGroup' }
  /** Take back the last decision, in whatever group it was made. */
  | { readonly do: 'undo' }
  | { readonly do: 'quit' }

interface Position {
  readonly plan: Plan
  /** The index of the shown group. */
  readonly at: number
  /** The index of the chosen record. */
  readonly chosen: number
}

export interface Review extends Position {
  /** What to tell the person about the last step. */
  readonly note: string | undefined
  /** Whether the person left, or accepted the last group. */
  readonly over: boolean
  /** The positions before each decision of this review, the last one last. */
  readonly history: readonly Position[]
}

/** Starts or continues a review at the first group that is not decided, or at the first one if all are. */
export function beginReview(plan: Plan): Review {
  const at = nextUndecided(plan, 0) ?? 0
  return { ...opened(plan, at), note: undefined, over: plan.groups.length === 0, history: [] }
}

/**
 * The review after a step. The given review is not modified; if `plan` is a new object, the plan file has to be written.
 * Never deletes anything: a deletion is a decision in the plan.
 */
export function stepReview(review: Review, step: Step): Review {
  const group = review.plan.groups[review.at]
  if (review.over || group === undefined) return { ...review, over: true }
  const cleared = { ...review, note: undefined }
  const count = group.members.length
  switch (step.do) {
    case 'next':
      return { ...cleared, chosen: (review.chosen + 1) % count }
    case 'previous':
      return { ...cleared, chosen: (review.chosen + count - 1) % count }
    case 'choose':
      return step.place < count
        ? { ...cleared, chosen: step.place }
        : { ...cleared, note: `this group has no record ${step.place + 1}` }
    case 'keep':
      return decided(cleared, kept(group, review.chosen, review.plan))
    case 'delete':
    case 'separate':
      return group.members[review.chosen]?.id === group.keeper
        ? { ...cleared, note: 'this record is kept: to change that, press k on another one' }
        : decided(cleared, toggled(group, review.chosen, step.do === 'delete' ? 'delete' : 'out'))
    case 'accept':
      return accept(cleared, group)
    case 'nextGroup':
      return review.at + 1 < review.plan.groups.length
        ? { ...cleared, ...opened(review.plan, review.at + 1) }
        : { ...cleared, note: 'this is the last group' }
    case 'previousGroup':
      return review.at > 0
        ? { ...cleared, ...opened(review.plan, review.at - 1) }
        : { ...cleared, note: 'this is the first group' }
    case 'undo':
      return undo(cleared)
    case 'quit':
      return { ...cleared, over: true }
  }
}

/** A group with the cursor on the first record that is not kept, since that is the one to decide about. */
function opened(plan: Plan, at: number): Position {
  const group = plan.groups[at]
  const chosen = group?.members.findIndex(({ id }) => id !== group.keeper) ?? 0
  return { plan, at, chosen: Math.max(0, chosen) }
}

/** The first group at or after an index that is not decided. */
function nextUndecided({ groups }: Plan, from: number): number | undefined {
  const found = groups.findIndex((group, index) => index >= from && !isDecided(group))
  return found === -1 ? undefined : found
}

/** A group with a record that is still to be reviewed stays undecided, and is offered again. */
function accept(review: Review, group: PlanGroup): Review {
  const undecided = !isDecided({ ...group, reviewed: true })
  const after = undecided || group.reviewed ? review : decided(review, { ...group, reviewed: true })
  const next = nextUndecided(after.plan, review.at + 1)
  if (next === undefined) return { ...after, over: true }
  const note = undecided ? `group ${review.at + 1} stays undecided` : undefined
  return { ...after, ...opened(after.plan, next), note }
}

function undo(review: Review): Review {
  const before = review.history.at(-1)
  if (before === undefined) return { ...review, note: 'there is no decision to undo' }
  return { ...review, ...before, history: review.history.slice(0, -1), note: 'the last decision was undone' }
}

/** With a changed group, and the position before in the history. */
function decided(review: Review, group: PlanGroup): Review {
  const { plan, at, chosen, history } = review
  const groups = plan.groups.with(at, group)
  return { ...review, plan: { ...plan, groups }, history: [...history, { plan, at, chosen }] }
}

/** Makes a decision about a record, or takes the same one back. The group has to be accepted again. */
function toggled(group: PlanGroup, place: number, decision: Decision): PlanGroup {
  const member = group.members[place]
  if (member === undefined) return group
  const next = member.decision === decision ? 'review' : decision
  const changed: PlanMember = { ...member, decision: next, decidedBy: 'person' }
  return { ...group, reviewed: false, members: group.members.with(place, changed) }
}

/** Changes the keeper, and updates the evidence and the proposals for the others. */
function kept(group: PlanGroup, place: number, plan: Plan): PlanGroup {
  const keeper = group.members[place]
  if (keeper === undefined) return group
  const records = group.members.map(({ record }) => record)
  const mailboxes = mailboxesOf(records)
  const measure = measureOf(plan)
  const found = group.members.map(({ record }) => evidenceInGroup(record, keeper.record, records, measure))
  const members = group.members.map((member, index): PlanMember => {
    if (index === place) return { ...member, ...keeping, decidedBy: 'person' }
    const evidence = found[index]
    if (member.decision === 'out' || evidence === undefined) return member
    const proposal = propose(member.record, keeper.record, mailboxes, plan.mode)
    return { ...member, ...proposed({ evidence, ...proposal }) }
  })
  return { ...group, ...summaryOf(found.toSpliced(place, 1)), keeper: keeper.id, reviewed: false, members }
}

/** A member as the review shows it. */
export interface Card {
  readonly member: PlanMember
  /** From 1. */
  readonly number: number
  readonly chosen: boolean
  readonly keeper: boolean
  /** The documented fields, other than the id, in which it differs from the keeper. */
  readonly differs: readonly string[]
}

export interface Shown {
  /** From 1. */
  readonly number: number
  readonly tally: PlanTally
  readonly level: Level
  readonly why: string
  readonly cards: readonly Card[]
  readonly note: string | undefined
}

/** What to show now; undefined if the review is over. */
export function shownOf({ plan, at, chosen, note, over }: Review): Shown | undefined {
  const group = plan.groups[at]
  if (over || group === undefined) return undefined
  const cards = cardsOf(group, chosen)
  return { number: at + 1, tally: tallyOf(plan), level: group.level, why: group.why, cards, note }
}

/** The records of a group. @param chosen the index of the chosen one, if there is one */
export function cardsOf({ keeper: id, members }: PlanGroup, chosen?: number): Card[] {
  const keeper = members.find((member) => member.id === id)
  return members.map((member, index) => ({
    member,
    number: index + 1,
    chosen: index === chosen,
    keeper: member === keeper,
    differs: keeper === undefined || member === keeper ? [] : differing(member, keeper),
  }))
}

function differing({ record }: PlanMember, keeper: PlanMember): string[] {
  return documentedFields.filter(
    (field) => field !== 'id' && !isSameValue(fieldOf(record, field), fieldOf(keeper.record, field)),
  )
}
