import type { Customer } from '../api/customer.ts'
import { fingerprintOf } from '../customers/fingerprint.ts'
import type { Measure } from './evidence.ts'
import { type Frequencies, frequenciesOf } from './frequencies.ts'
import type { Group, Twin } from './groups.ts'
import { explain } from './model.ts'
import { type Plan, type PlanGroup, type PlanMember, type PlanPlace, planVersion } from './plan-schema.ts'

export interface PlanHead extends PlanPlace {
  /** Epoch ms. */
  readonly when: number
  readonly options: Plan['options']
  /** Of the whole account. */
  readonly frequencies: Frequencies
}

/** Makes a plan of duplicates that were found. */
export function planOf(
  groups: Iterable<Group>,
  { identity, mode, key, when, options, frequencies }: PlanHead,
): Plan {
  const planned = Array.from(groups, planGroup)
  return {
    version: planVersion,
    identity,
    mode,
    key,
    when: new Date(when).toISOString(),
    options,
    account: accountOf(planned, frequencies),
    groups: planned,
  }
}

/** A group as a plan has it. */
export function planGroup({ level, why, keep, twins }: Group): PlanGroup {
  return {
    level,
    why,
    keeper: keep.id,
    reviewed: false,
    members: [member(keep, keeping), ...twins.map((twin) => member(twin.customer, proposed(twin)))],
  }
}

function member(record: Customer, decided: Decided): PlanMember {
  return { id: record.id, ...decided, fingerprint: fingerprintOf(record), record }
}

type Decided = Omit<PlanMember, 'id' | 'fingerprint' | 'record'>

/** What a plan says of the customer that is kept. */
export const keeping: Decided = {
  decision: 'keep',
  decidedBy: 'orafi',
  why: '',
  probability: null,
  because: [],
  comparedWith: undefined,
  reasons: [],
}

/** What a plan says of another customer. */
export function proposed({ evidence, decision, reasons }: Omit<Twin, 'customer'>): Decided {
  const { why, probability, because, comparedWith } = evidence
  return { decision, decidedBy: 'orafi', why, probability, because, comparedWith, reasons }
}

/** Another keeper of a larger group is compared with some of its members by what is known of the others. */
const mostCompared = 10

/** How common the names, domains and words of a plan's customers are: all counts that a review will ask for. */
function accountOf(groups: readonly PlanGroup[], frequencies: Frequencies): Plan['account'] {
  const counts = new Map<string, number>()
  const { customers, repeatedMailboxes } = frequencies
  const recording = frequenciesOf({
    customers,
    repeatedMailboxes,
    countOf(text) {
      const count = frequencies.countOf(text)
      if (count > 0) counts.set(text, count)
      return count
    },
  })
  for (const { members } of groups) {
    for (const [index, { record }] of members.entries()) {
      const others = members.slice(index + 1, index + 1 + mostCompared)
      for (const other of others) explain(record, other.record, recording)
    }
  }
  return { customers, repeatedMailboxes, counts: Object.fromEntries(counts) }
}

/** What a review compares customers by: as the command did that made the plan. */
export function measureOf({ account, options: { certainty } }: Plan): Measure {
  const counts = new Map(Object.entries(account.counts))
  const countOf = (text: string): number => counts.get(text) ?? 0
  const { customers, repeatedMailboxes } = account
  return { certainty, frequencies: frequenciesOf({ customers, repeatedMailboxes, countOf }) }
}
