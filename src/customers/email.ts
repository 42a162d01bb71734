/** ASCII without white space, which has one Unicode form alone. */
const asciiSigns = /^[\x21-\x7e]*$/

/**
 * An e-mail address as two records of one person share it: Unicode form, case and white space do not count. Nothing
 * else is removed; what providers treat as one mailbox is for `duplicates/` to say.
 */
export function sameEmail(email: string): string {
  // Nearly every address is such, and a hundred thousand of them are compared.
  if (asciiSigns.test(email)) return email.toLowerCase()
  return email.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}
