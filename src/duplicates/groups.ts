import type { Customer, Mode } from '../api/customer.ts'
import { presented } from '../customers/fields.ts'
import { chooseKeeper, type KeepRule, propose } from './decide.ts'
import { type Evidence, evidenceOf, type Level, levels } from './evidence.ts'
import { type Mailboxes, mailboxesOf } from './proposal.ts'

/** A customer of a group other than the keeper: why it belongs to the group, and what is proposed for it. */
export interface Twin {
  readonly customer: Customer
  /** Why it is the same person as the keeper. */
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

export interface GroupRules {
  readonly keep: KeepRule
  /** The mode of the key that would delete; undefined if there is none (offline), which is treated as test. */
  readonly keyMode: Mode | undefined
}

/** Makes a group of customers that are one person: chooses the keeper, and proposes what to do with the others. */
export function groupOf(customers: readonly Customer[], rules: GroupRules): Group {
  const { keep, others, doubt } = chooseKeeper(customers, rules.keep)
  const mailboxes = mailboxesOf(customers)
  const twins = others.map((customer) => doubted(twinOf(customer, keep, mailboxes, rules), doubt))
  const level = levels.findLast((one) => twins.some(({ evidence }) => evidence.level === one)) ?? 'exact'
  const why = [...new Set(twins.map(({ evidence }) => evidence.why))]
  return { level, why: why.length > 3 ? [...why.slice(0, 3), '…'].join('; ') : why.join('; '), keep, twins }
}

function twinOf(customer: Customer, keep: Customer, mailboxes: Mailboxes, { keyMode }: GroupRules): Twin {
  const evidence = evidenceOf(customer, keep)
  const { decision, reasons } = propose(customer, keep, mailboxes, keyMode)
  return {
    customer,
    evidence: evidence ?? { level: 'likely', why: 'grouped by hand' },
    decision,
    reasons,
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
}

type Presented = ReturnType<typeof presented>

/** A group in the form that `duplicates --json` prints. */
export function groupDocument({ level, why, keep, twins }: Group): GroupDocument {
  const decided = (as: Twin['decision']): Presented[] =>
    twins.filter(({ decision }) => decision === as).map(({ customer }) => presented(customer))
  return { level, why, keep: presented(keep), delete: decided('delete'), review: decided('review') }
}
