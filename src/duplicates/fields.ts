import type { Customer } from '../api/customer.ts'
import { repairedDomain, wellKnownEnd } from '../customers/domains.ts'
import { nameTokens } from '../customers/names.ts'
import { comparedEmail, exactAddress, type Mailbox, mailboxAt, mailboxKey, mailboxOf } from './mailbox.ts'
import { providerOf } from './providers.ts'

/** What is compared of a customer: the words of the name, and the e-mail. */
export interface Fields {
  /** The words of both name fields, folded (see `names.ts`); their order does not matter. */
  readonly names: readonly string[]
  /** The mailbox, as `mailboxKey` writes it. */
  readonly mailbox: string
  /** The domain as it was typed, and after repairing typing errors; mostly the same. */
  readonly typedDomain: string
  readonly domain: string
  /** The local part by the rules of `domain`, without dots, hyphens and underscores. */
  readonly local: string
}

/**
 * The fields of a customer; undefined without an e-mail. One that lost its @ is all local part, unless its domain is well
 * known.
 */
export function fieldsOf(customer: Customer): Fields | undefined {
  const names = comparedNames(customer)
  const address = exactAddress(customer.email)
  if (address !== undefined) return fieldsFrom(names, mailboxOf(address))
  const text = comparedEmail(customer.email)
  if (!/^[^\s@]{3,}\.[a-z]{2,}$/.test(text)) return undefined
  const { local, domain } = withoutAt(text)
  return {
    names,
    mailbox: text,
    typedDomain: '',
    domain,
    local: domain === '' ? local : withoutSeparators(baseOf(repairedMailbox({ local, domain }))),
  }
}

/**
 * The parts of an address that lost its @, or has another sign for it (`ada.obigmail.com`, `ada.obi#gmail.com`). On many
 * keyboards the @ is on the key of the 2.
 */
function withoutAt(text: string): Mailbox {
  const domain = wellKnownEnd(text)
  const local = text.slice(0, domain === undefined ? undefined : -domain.length).replace(/[^a-z\d]$|2$/, '')
  return domain === undefined || !/^(?!www$).{3}/.test(local)
    ? { local: text, domain: '' }
    : { local, domain }
}

/** The words of both name fields, folded. */
export function namesOf({ firstname, lastname }: Customer): string[] {
  return [...nameTokens(firstname), ...nameTokens(lastname)]
}

/** A bound for names that are made to take long, since every word is compared with every other one. */
export const mostWords = 6

/** The same, but only the first words of a field. */
export function comparedNames({ firstname, lastname }: Customer): string[] {
  return [firstname, lastname].flatMap((field) => nameTokens(field).slice(0, mostWords))
}

function fieldsFrom(names: readonly string[], mailbox: Mailbox): Fields {
  const repaired = repairedMailbox(mailbox)
  const local = withoutSeparators(baseOf(repaired))
  return { names, mailbox: mailboxKey(mailbox), typedDomain: mailbox.domain, domain: repaired.domain, local }
}

/**
 * A mailbox without typing errors in its domain (`gmial.com`), and without the signs that no address has unless in quotes:
 * `ada,obi`, `mailto:ada`, `<ada`, `ada@@`. The provider's rules (Gmail's dots) apply only then.
 */
function repairedMailbox({ local, domain }: Mailbox): Mailbox {
  return mailboxAt(hasOtherSign(local) ? withoutOtherSigns(local) : local, repairedDomain(domain))
}

function withoutOtherSigns(local: string): string {
  const bare = local.replace(/[<>@]+/g, '').replace(/^mailto:/, '')
  return bare.replace(/[,;:.]+/g, '.') || local
}

/** Whether a local part has a sign that is only allowed in quotes. */
export function hasOtherSign(local: string): boolean {
  return /[,;:<>@]/.test(local) && !local.startsWith('"')
}

/** The mailbox of some fields once typing errors in the domain, in a sign or a lost @ are repaired. */
export function repairedKeyOf(fields: Fields): string {
  return mailboxKey(repairedMailbox(typedMailbox(fields)))
}

/** The parts of an address as they were typed. */
export function typedMailbox({ mailbox }: Fields): Mailbox {
  const at = mailbox.lastIndexOf('@')
  return at === -1 ? withoutAt(mailbox) : { local: mailbox.slice(0, at), domain: mailbox.slice(at + 1) }
}

/** Yahoo's `base-keyword` addresses are compared by `base` (`providers.ts`). */
function baseOf({ local, domain }: Mailbox): string {
  const hyphen = providerOf(domain)?.keywords === true ? local.indexOf('-') : -1
  return hyphen > 0 ? local.slice(0, hyphen) : local
}

/** Fields as one short string, so that a million of them fit into memory. */
export function packed({ names, mailbox, domain, local }: Fields): string {
  return `${names.join(' ')}\t${mailbox}\t${domain}\t${local}`
}

/** The fields of a string made by `packed`. */
export function unpacked(text: string): Fields {
  const [names = '', mailbox = '', domain = '', local = ''] = text.split('\t')
  const at = mailbox.lastIndexOf('@')
  const typedDomain = at === -1 ? '' : mailbox.slice(at + 1)
  return { names: names === '' ? [] : names.split(' '), mailbox, typedDomain, domain, local }
}

function withoutSeparators(local: string): string {
  return /[._-]/.test(local) ? local.replace(/[._-]+/g, '') || local : local
}
