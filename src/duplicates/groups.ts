import type { Customer, Mode } from '../api/customer.ts'
import { presented } from '../customers/fields.ts'
import { chooseKeeper, type KeepRule, propose } from './decide.ts'
import { type Evidence, evidenceOf, type Level, levels } from './evidence.ts'
import { type Mailboxes, mailboxesOf } from './proposal.ts'

/** A customer of a group that is not the one to keep: why it belongs there, and what is proposed for it. */
export interface Twin {
  readonly customer: Customer
  /** How it is like the one to keep. */
  readonly evidence: Evidence
  readonly decision: 'delete' | 'review'
  /** Why a person has to decide; empty for `delete`. */
  readonly reasons: readonly string[]
}

/** Customers that are one person, or may be. */
export interface Group {
  /** That of the least sure of its members. */
  readonly level: Level
  readonly why: string
  readonly keep: Customer
  readonly twins: readonly Twin[]
}

export interface GroupRules {
  readonly keep: KeepRule
  /** The mode of the key that would delete; undefined where there is none (offline), which asks for the same care as test. */
  readonly keyMode: Mode | undefined
}

/** Decides about customers that were found to be one: whom to keep, and what is proposed for each other. */
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
    evidence: evidence ?? { level: 'likely', why: 'put together by hand' },
    decision,
    reasons,
  }
}

/** Where nobody can say who is to be kept, nobody's deletion is proposed. */
function doubted(twin: Twin, doubt: string | undefined): Twin {
  return doubt === undefined ? twin : { ...twin, decision: 'review', reasons: [...twin.reasons, doubt] }
}

/** A group as `duplicates --json` prints it (docs/contract.md#json-documents). */
export interface GroupDocument {
  readonly level: Level
  readonly why: string
  readonly keep: Presented
  readonly delete: readonly Presented[]
  readonly review: readonly Presented[]
}

type Presented = ReturnType<typeof presented>

/** The group's part of the document of `duplicates --json`. */
export function groupDocument({ level, why, keep, twins }: Group): GroupDocument {
  const those = (wanted: Twin['decision']): Presented[] =>
    twins.filter(({ decision }) => decision === wanted).map(({ customer }) => presented(customer))
  return { level, why, keep: presented(keep), delete: those('delete'), review: those('review') }
}
