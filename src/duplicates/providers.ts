/** How a provider delivers mail: which addresses of its domains are one mailbox. */
export interface Provider {
  readonly name: string
  readonly domains: readonly string[]
  /** The same local part at any of the domains is one mailbox; without it each domain is for itself. */
  readonly oneMailbox?: true
  /** Characters of the local part that make no difference to delivery. */
  readonly ignored?: RegExp
  /** `anything@user.domain` is delivered to `user@domain`. */
  readonly subdomains?: true
  /** `base-keyword`: addresses of one base are one person's, but `base` alone may be somebody else's account. */
  readonly keywords?: true
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
export const providers: readonly Provider[] = [
  {
    name: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    oneMailbox: true,
    ignored: /\./g,
    says: 'ignores dots and what follows a +; googlemail.com is gmail.com',
    source: 'https://support.google.com/mail/answer/7436150, https://support.google.com/mail/answer/10313',
  },
  {
    name: 'Outlook.com',
    domains: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'windowslive.com',
      'hotmail.co.uk',
      'hotmail.fr',
    ],
    says: 'ignores what follows a +; dots count, and every domain is its own',
    source: 'https://learn.microsoft.com/en-us/archive/blogs/tristank/hotmail-aliases',
  },
  {
    name: 'Yahoo',
    domains: [
      'yahoo.com',
      'yahoo.co.uk',
      'yahoo.fr',
      'yahoo.co.in',
      'yahoo.co.za',
      'ymail.com',
      'rocketmail.com',
    ],
    keywords: true,
    says: 'delivers base-keyword addresses to whoever made them',
    source: 'http://help.yahoo.com/help/uk/bt/tutorials/mail/addressguard2.html',
  },
  {
    name: 'iCloud',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    oneMailbox: true,
    says: 'ignores what follows a +; me.com and mac.com are icloud.com',
    source: 'https://support.apple.com/en-vn/118230',
  },
  {
    name: 'Proton',
    domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    oneMailbox: true,
    ignored: /[._-]/g,
    says: 'ignores dots, hyphens, underscores and what follows a +; its domains share their names',
    source:
      'https://proton.me/support/addresses-and-aliases, github.com/ProtonMail/WebClients removeEmailAlias',
  },
  {
    name: 'Fastmail',
    domains: ['fastmail.com', 'fastmail.fm'],
    subdomains: true,
    says: 'delivers anything@user.fastmail.com to user@fastmail.com',
    source: 'https://www.fastmail.help/hc/en-us/articles/360060591053',
  },
  {
    name: 'Yandex',
    domains: ['yandex.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.ua', 'ya.ru'],
    oneMailbox: true,
    says: 'gives every mailbox an address in each of its domains',
    source: 'https://yandex.com/support/domain/additional/mailbox-alias.xml',
  },
  {
    name: 'Zoho',
    domains: ['zoho.com', 'zohomail.com', 'zoho.eu', 'zoho.in'],
    says: 'ignores what follows a +; dots count',
    source: 'https://www.zoho.com/mail/help/plus-addressing.html',
  },
]

const byDomain = new Map(
  providers.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)),
)

/** The provider of a domain, where the table has one. */
export function providerOf(domain: string): Provider | undefined {
  return byDomain.get(domain)
}
