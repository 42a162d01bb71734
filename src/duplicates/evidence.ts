import type { Customer } from '../api/customer.ts'
import { likelyOne } from './likely.ts'
import { exactAddress, isCutAddress, mailboxKey, mailboxOf, whyOneMailbox } from './mailbox.ts'
import { personOf } from './person.ts'

/**
 * How two customers may be one, from the surest on; each level includes the ones before (docs/contract.md#levels).
 */
export const levels = ['exact', 'alias', 'likely'] as const
export type Level = (typeof levels)[number]

/** Why two customers are taken for one, and how sure that is. */
export interface Evidence {
  readonly level: Level
  readonly why: string
}

/** The surest evidence that two customers are one person, or undefined. */
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
  const likely = likelyOne(one, other)
  return likely && { level: 'likely', why: likely.why }
}

function whySame(a: Customer, b: Customer): string {
  if (a.email === b.email) return 'same e-mail'
  return isCutAddress(a.email) || isCutAddress(b.email)
    ? 'two long e-mails that begin alike'
    : 'same e-mail but for case, spaces or form'
}
