/** ASCII without white space, which Unicode normalisation does not change. */
const asciiSigns = /^[\x21-\x7e]*$/

/** Longer than any address (RFC 5321: 254), and short enough to normalise: sorting many accents is slow. */
const longestCompared = 1_000

/**
 * Normalises an e-mail address for comparison: Unicode form, case and white space. Rules of mail providers are applied
 * in `duplicates/`. A text of more than 1,000 characters is not an address and returned unchanged.
 */
export function sameEmail(email: string): string {
  if (email.length > longestCompared) return email
  // The fast path for nearly all addresses.
  if (asciiSigns.test(email)) return email.toLowerCase()
  return email.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}
