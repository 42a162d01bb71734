import table from './providers.json' with { type: 'json' }

/** Which addresses of a provider are delivered to one mailbox. */
export interface Provider {
  readonly name: string
  readonly domains: readonly string[]
  /** The same local part at any of the domains is one mailbox; otherwise each domain is separate. */
  readonly oneMailbox?: boolean
  /** Characters of the local part that delivery ignores. */
  readonly ignored?: string
  /** `anything@user.domain` is delivered to `user@domain`. */
  readonly subdomains?: boolean
  /** `base-keyword` addresses with one base belong to one person, but `base` alone may be another account. */
  readonly keywords?: boolean
  /** The explanation shown to users, after the provider's name. */
  readonly says: string
  /** The provider's documentation. */
  readonly source: string
}

/**
 * The rules, one row per provider. What follows a `+` is removed everywhere, as mail servers do (RFC 5233), so only other
 * rules need a row. Rules that could merge two people are left out: Yahoo's keywords count as similar (`likely`) and not
 * as the same mailbox, since the base name is not the account's name, and older accounts may contain a hyphen.
 */
export const providers: readonly Provider[] = table

const byDomain = new Map(
  providers.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)),
)

/** The provider of a domain; undefined if it is not in the table. */
export function providerOf(domain: string): Provider | undefined {
  return byDomain.get(domain)
}
