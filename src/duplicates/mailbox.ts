import { domainToASCII } from 'node:url'
import { comparedLength, cut } from '../customers/typing.ts'
import { sameEmail } from '../email.ts'
import { type Provider, providerOf } from './providers.ts'

/** Where mail to an address is delivered, according to `providers.ts`. */
export interface Mailbox {
  /** The local part without its tag and ignored characters. */
  readonly local: string
  /** The first of a provider's domains if they are equivalent; internationalised domains as punycode. */
  readonly domain: string
}

/** Printable ASCII without spaces, which needs no Unicode or white-space handling. */
const plain = /^[\x21-\x7e]*$/

/**
 * The form of an address in which two records are compared exactly, without Unicode form, case and white space. Undefined
 * if it is not an address (`n/a`, an empty string), since such values do not identify anybody. A long one is cut (see
 * `isCutAddress`).
 */
export function exactAddress(email: unknown): string | undefined {
  const same = comparedEmail(email)
  const at = same.lastIndexOf('@')
  return at > 0 && at < same.length - 1 ? same : undefined
}

/** The same of any text, an address or not; empty if it is none. */
export function comparedEmail(email: unknown): string {
  return typeof email === 'string' ? cut(sameEmail(cut(email))) : ''
}

/** Whether `exactAddress` cuts an e-mail, so that two equal results may come from different e-mails. */
export function isCutAddress(email: unknown): boolean {
  if (typeof email !== 'string') return false
  return email.length > comparedLength || sameEmail(email).length > comparedLength
}

/** Zero-width characters, often pasted along with an address. */
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
  // A number like +234… is not a tag: nothing would be left.
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

/** A string that is equal for equal mailboxes only. */
export function mailboxKey({ local, domain }: Mailbox): string {
  return `${local}@${domain}`
}

/** Why two different addresses are one mailbox, for display. */
export function whyOneMailbox(mailbox: Mailbox): string {
  const provider = providerOf(mailbox.domain)
  return provider === undefined
    ? 'same mailbox: the text after a + is a tag'
    : `same mailbox: ${provider.name} ${provider.says}`
}
