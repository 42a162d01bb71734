import table from './providers.json' with { type: 'json' }

/** How a provider delivers mail: which addresses of its domains are one mailbox. */
export interface Provider {
  readonly name: string
  readonly domains: readonly string[]
  /** The same local part at any of the domains is one mailbox; without it each domain is for itself. */
  readonly oneMailbox?: boolean
  /** Characters of the local part that make no difference to delivery. */
  readonly ignored?: string
  /** `anything@user.domain` is delivered to `user@domain`. */
  readonly subdomains?: boolean
  /** `base-keyword`: addresses of one base are one person's, but `base` alone may be somebody else's account. */
  readonly keywords?: boolean
  /** How people are told, in words that follow the provider's name. */
  readonly says: string
  /** Where the provider says so. */
  readonly source: string
}

/**
 * The rules, one row a provider. What follows a `+` is removed everywhere, since that is what mail servers do with it
 * (RFC 5233); a row is needed only for what goes beyond. A rule that would make two people one is left out:
 * Yahoo's keywords count as near (`likely`) and not as the same mailbox, since the base name is not the account's name
 * and older accounts may hold a hyphen.
 */
export const providers: readonly Provider[] = table

const byDomain = new Map(
  providers.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)),
)

/** The provider of a domain, where the table has one. */
export function providerOf(domain: string): Provider | undefined {
  return byDomain.get(domain)
}
