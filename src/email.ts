/** ASCII without white space, which has one Unicode form alone. */
const asciiSigns = /^[\x21-\x7e]*$/

/** Longer than any address (RFC 5321 has 254), and short enough for Unicode, which sorts accents with great effort. */
const longestCompared = 1_000

/**
 * An e-mail address as two records of one person share it: Unicode form, case and white space do not count. Nothing
 * else is removed; what providers treat as one mailbox is for `duplicates/` to say. A text of more than 1,000
 * characters is no address and the same as itself alone.
 */
export function sameEmail(email: string): string {
  if (email.length > longestCompared) return email
  // Nearly every address is such, and a hundred thousand of them are compared.
  if (asciiSigns.test(email)) return email.toLowerCase()
  return email.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}
