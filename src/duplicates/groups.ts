import type { Customer, Mode } from '../api/customer.ts'
import { presented } from '../customers/fields.ts'
import { chooseKeeper, type KeepRule, propose } from './decide.ts'
import { type Evidence, evidenceInGroup, type Level, levels, type Measure } from './evidence.ts'
import type { Part } from './model.ts'
import { type Mailboxes, mailboxesOf } from './proposal.ts'

/** A customer of a group other than the keeper: why it belongs to the group, and what is proposed for it. */
export interface Twin {
  readonly customer: Customer
  readonly evidence: Evidence
  readonly decision: 'delete' | 'review'
  /** Why a person has to decide; empty for `delete`. */
  readonly reasons: readonly string[]
}

/** Customers that are one person, or may be. */
export interface Group {
  /** The least certain level among its members. */
  readonly level: Level
  readonly why: string
  readonly keep: Customer
  readonly twins: readonly Twin[]
}

export interface GroupRules extends Measure {
  readonly keep: KeepRule
  /** The mode of the key that would delete; undefined if there is none (offline), which is treated as test. */
  readonly keyMode: Mode | undefined
}

/**
 * Makes a group of customers that are one person: chooses the keeper, and proposes what to do with the others. What is
 * proposed does not depend on how probable it is.
 * @param mailboxes the facts about their mailboxes, if others have them too
 */
export function groupOf(
  customers: readonly Customer[],
  rules: GroupRules,
  mailboxes: Mailboxes = mailboxesOf(customers),
): Group {
  const { keep, others, doubt } = chooseKeeper(customers, rules.keep)
  const twins = others.map((customer): Twin => {
    const evidence = evidenceInGroup(customer, keep, customers, rules)
    return doubted({ customer, evidence, ...propose(customer, keep, mailboxes, rules.keyMode) }, doubt)
  })
  return { ...summaryOf(twins.map(({ evidence }) => evidence)), keep, twins }
}

/** The least certain level of a group, and why it is one. */
export function summaryOf(evidence: readonly Evidence[]): Pick<Group, 'level' | 'why'> {
  const found = evidence.map(({ level = 'likely' }) => level)
  const why = [...new Set(evidence.map((one) => one.why))]
  return {
    level: levels.findLast((level) => found.includes(level)) ?? 'exact',
    why: why.length > 3 ? [...why.slice(0, 3), '…'].join('; ') : why.join('; '),
  }
}

/** No deletion is proposed if the choice of the keeper is uncertain. */
function doubted(twin: Twin, doubt: string | undefined): Twin {
  return doubt === undefined ? twin : { ...twin, decision: 'review', reasons: [...twin.reasons, doubt] }
}

/** A group in the output of `duplicates --json` (docs/contract.md#json-documents). */
export interface GroupDocument {
  readonly level: Level
  readonly why: string
  readonly keep: Presented
  readonly delete: readonly Presented[]
  readonly review: readonly Presented[]
  /** The keeper first. */
  readonly members: readonly MemberDocument[]
}

interface MemberDocument {
  readonly id: string
  readonly decision: 'keep' | Twin['decision']
  /** That it is one person with the keeper, or with `comparedWith`; null for the keeper. */
  readonly probability: number | null
  readonly because: readonly Part[]
  readonly comparedWith?: string | undefined
}

type Presented = ReturnType<typeof presented>

/** A group in the form that `duplicates --json` prints. */
export function groupDocument({ level, why, keep, twins }: Group): GroupDocument {
  const decided = (as: Twin['decision']): Presented[] =>
    twins.filter(({ decision }) => decision === as).map(({ customer }) => presented(customer))
  const members = twins.map(({ customer, decision, evidence: { probability, because, comparedWith } }) => ({
    id: customer.id,
    decision,
    probability,
    because,
    comparedWith,
  }))
  return {
    level,
    why,
    keep: presented(keep),
    delete: decided('delete'),
    review: decided('review'),
    members: [{ id: keep.id, decision: 'keep', probability: null, because: [] }, ...members],
  }
}
