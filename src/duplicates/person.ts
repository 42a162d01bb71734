import { repairedDomain } from '../customers/domains.ts'
import { type Name, nameFrom, nameOf } from '../customers/names.ts'
import { type Mailbox, mailboxAt, mailboxKey } from './mailbox.ts'
import { providerOf } from './providers.ts'

/** The parts of a customer that are compared to find likely duplicates. */
export interface Person {
  readonly name: Name
  /** The mailbox, as `mailboxKey` writes it. */
  readonly mailbox: string
  /** The domain as it was typed, and after repairing typing errors; mostly the same. */
  readonly typedDomain: string
  readonly domain: string
  /** The local part by the rules of `domain`, without dots, hyphens and underscores. */
  readonly letters: string
  /** The digits of `letters`: a year or a number that tells namesakes apart. */
  readonly digits: string
}

/** The person of a record; undefined if the record has no name. */
export function personOf(
  record: { readonly [field: string]: unknown },
  mailbox: Mailbox,
  repair = repairedDomain,
): Person | undefined {
  const name = nameOf(record)
  if (name.straight === '') return undefined
  const domain = repair(mailbox.domain)
  // The provider's rules (Gmail's dots) apply only once `gmial.com` is repaired.
  const repaired = domain === mailbox.domain ? mailbox : mailboxAt(mailbox.local, domain)
  return personFrom(name, mailboxKey(mailbox), repaired.domain, withoutSeparators(baseOf(repaired)))
}

function personFrom(name: Name, mailbox: string, domain: string, letters: string): Person {
  const typedDomain = mailbox.slice(mailbox.lastIndexOf('@') + 1)
  return { name, mailbox, typedDomain, domain, letters, digits: digitsOf(letters) }
}

/** Yahoo's `base-keyword` addresses are compared by `base` (`providers.ts`). */
function baseOf({ local, domain }: Mailbox): string {
  const hyphen = providerOf(domain)?.keywords === true ? local.indexOf('-') : -1
  return hyphen > 0 ? local.slice(0, hyphen) : local
}

/** A person as one short string, so that a million of them fit into memory. */
export function textOf({ name, mailbox, domain, letters }: Person): string {
  return `${name.first.join(' ')}\t${name.last.join(' ')}\t${mailbox}\t${domain}\t${letters}`
}

/** The person of a string made by `textOf`. */
export function fromText(text: string): Person {
  const [first = '', last = '', mailbox = '', domain = '', letters = ''] = text.split('\t')
  return personFrom(nameFrom(tokens(first), tokens(last)), mailbox, domain, letters)
}

function tokens(text: string): string[] {
  if (text === '') return []
  return text.includes(' ') ? text.split(' ') : [text]
}

function withoutSeparators(local: string): string {
  return /[._-]/.test(local) ? local.replace(/[._-]+/g, '') || local : local
}

function digitsOf(text: string): string {
  return /\d/.test(text) ? text.replace(/\D+/g, '') : ''
}
