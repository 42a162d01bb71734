import { repairedDomain } from './domains.ts'
import { type Mailbox, mailboxAt, mailboxKey } from './mailbox.ts'
import { type Name, nameFrom, nameOf } from './names.ts'
import { providerOf } from './providers.ts'

/** What of a customer tells whether another one is likely the same person. */
export interface Person {
  readonly name: Name
  /** The mailbox, as `mailboxKey` writes it. */
  readonly mailbox: string
  /** The domain as it was typed, and the well-known one that it is a mistyped form of (mostly the same). */
  readonly typedDomain: string
  readonly domain: string
  /** The local part by the rules of `domain`, without dots, hyphens and underscores. */
  readonly letters: string
  /** Its digits, one after the other: a year or a number that tells namesakes apart. */
  readonly digits: string
}

/** The person that a record is of, by its name and mailbox. Undefined where there is nothing to compare: no name. */
export function personOf(
  record: { readonly [field: string]: unknown },
  mailbox: Mailbox,
  repair = repairedDomain,
): Person | undefined {
  const name = nameOf(record)
  if (name.straight === '') return undefined
  const domain = repair(mailbox.domain)
  // The provider's own rules (Gmail's dots) hold only once `gmial.com` is seen to be Gmail.
  const near = domain === mailbox.domain ? mailbox : mailboxAt(mailbox.local, domain)
  return personFrom(name, mailboxKey(mailbox), near.domain, withoutSeparators(baseOf(near)))
}

function personFrom(name: Name, mailbox: string, domain: string, letters: string): Person {
  const typedDomain = mailbox.slice(mailbox.lastIndexOf('@') + 1)
  return { name, mailbox, typedDomain, domain, letters, digits: digitsOf(letters) }
}

/** Yahoo's `base-keyword` addresses are near each other, and near `base` (`providers.ts`). */
function baseOf({ local, domain }: Mailbox): string {
  const hyphen = providerOf(domain)?.keywords === true ? local.indexOf('-') : -1
  return hyphen > 0 ? local.slice(0, hyphen) : local
}

/** A person as one short text, so that a million of them fit into memory. */
export function textOf({ name, mailbox, domain, letters }: Person): string {
  return `${name.first.join(' ')}\t${name.last.join(' ')}\t${mailbox}\t${domain}\t${letters}`
}

/** Reads what `textOf` wrote. */
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
