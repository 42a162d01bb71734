import type { Customer } from '../api/customer.ts'
import { likelySamePerson } from './likely.ts'
import { exactAddress, isCutAddress, mailboxKey, mailboxOf, whyOneMailbox } from './mailbox.ts'
import { personOf } from './person.ts'

/**
 * How certain it is that two customers are one person, most certain first; each level includes the previous ones
 * (docs/contract.md#levels).
 */
export const levels = ['exact', 'alias', 'likely'] as const
export type Level = (typeof levels)[number]

/** Why two customers are taken for one person, and how certain that is. */
export interface Evidence {
  readonly level: Level
  readonly why: string
}

/** The strongest evidence that two customers are one person; undefined if there is none. */
export function evidenceOf(a: Customer, b: Customer): Evidence | undefined {
  const addressA = exactAddress(a.email)
  const addressB = exactAddress(b.email)
  if (addressA === undefined || addressB === undefined) return undefined
  if (addressA === addressB) {
    return { level: 'exact', why: whySame(a, b) }
  }
  const mailboxA = mailboxOf(addressA)
  const mailboxB = mailboxOf(addressB)
  if (mailboxKey(mailboxA) === mailboxKey(mailboxB)) return { level: 'alias', why: whyOneMailbox(mailboxA) }
  const one = personOf(a, mailboxA)
  const other = personOf(b, mailboxB)
  if (one === undefined || other === undefined) return undefined
  const likely = likelySamePerson(one, other)
  return likely && { level: 'likely', why: likely.why }
}

function whySame(a: Customer, b: Customer): string {
  if (a.email === b.email) return 'same e-mail'
  return isCutAddress(a.email) || isCutAddress(b.email)
    ? 'two long e-mails with the same beginning'
    : 'same e-mail except for case, spaces or Unicode form'
}
