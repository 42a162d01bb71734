import { domainToASCII } from 'node:url'
import { sameEmail } from '../email.ts'
import { type Provider, providerOf } from './providers.ts'
import { comparedLength, cut } from './typing.ts'

/** Where mail to an address is delivered, by the rules in `providers.ts`. */
export interface Mailbox {
  /** The local part without tag and ignored characters. */
  readonly local: string
  /** The provider's first domain where its domains are one; internationalised domains as punycode. */
  readonly domain: string
}

/** Nothing in it that Unicode or white space could make a difference of. */
const plain = /^[\x21-\x7e]*$/

/**
 * An address as two records share it exactly: Unicode form, case and white space do not count. Undefined for what is
 * no address (`n/a`, an empty text): such texts say nothing about who somebody is, so that nobody is anybody's
 * duplicate by them. Of a long one only the start is taken (see `isCutAddress`).
 */
export function exactAddress(email: unknown): string | undefined {
  if (typeof email !== 'string') return undefined
  const same = cut(sameEmail(cut(email)))
  const at = same.lastIndexOf('@')
  return at > 0 && at < same.length - 1 ? same : undefined
}

/** Whether `exactAddress` holds only a part of an e-mail, so that two of them may differ after all. */
export function isCutAddress(email: unknown): boolean {
  if (typeof email !== 'string') return false
  return email.length > comparedLength || sameEmail(email).length > comparedLength
}

/** Characters without a width, which come along when an address is pasted. */
const unseen = /\p{Cf}+/gu

/** The mailbox of an exact address (see `exactAddress`). */
export function mailboxOf(address: string): Mailbox {
  const seen = plain.test(address) ? address : address.replace(unseen, '')
  const at = seen.lastIndexOf('@')
  return mailboxAt(seen.slice(0, at), asciiDomain(seen.slice(at + 1)))
}

/** The mailbox of a local part at a domain, both in lower case, the domain in ASCII. */
export function mailboxAt(local: string, domain: string): Mailbox {
  const provider = providerOf(domain)
  const plus = local.indexOf('+')
  // A number like +234… is no tag: nothing would be left.
  const untagged = plus > 0 ? local.slice(0, plus) : local
  if (provider === undefined) return subdomainMailbox(untagged, domain)
  return {
    local: withoutIgnored(untagged, provider),
    domain: provider.oneMailbox === true ? (provider.domains[0] ?? domain) : domain,
  }
}

function withoutIgnored(local: string, { ignored = '' }: Provider): string {
  let kept = local
  for (const letter of ignored) kept = kept.replaceAll(letter, '')
  return kept === '' ? local : kept
}

/** `anything@user.fastmail.com` belongs to `user@fastmail.com`. */
function subdomainMailbox(local: string, domain: string): Mailbox {
  const dot = domain.indexOf('.')
  const parent = domain.slice(dot + 1)
  if (dot > 0 && providerOf(parent)?.subdomains === true)
    return { local: domain.slice(0, dot), domain: parent }
  return { local, domain }
}

/** A domain in lower-case ASCII (`bücher.de` is `xn--bcher-kva.de`), without the final dot of a full name. */
function asciiDomain(domain: string): string {
  const bare = domain.endsWith('.') ? domain.replace(/\.+$/, '') : domain
  if (plain.test(bare)) return bare
  return domainToASCII(bare) || bare
}

/** One text for a mailbox: equal exactly where the mailbox is. */
export function mailboxKey({ local, domain }: Mailbox): string {
  return `${local}@${domain}`
}

/** Why two different addresses are one mailbox, as a person is told. */
export function whyOneMailbox(mailbox: Mailbox): string {
  const provider = providerOf(mailbox.domain)
  return provider === undefined
    ? 'same mailbox: what follows a + is a tag'
    : `same mailbox: ${provider.name} ${provider.says}`
}
