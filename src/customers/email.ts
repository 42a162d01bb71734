/**
 * An e-mail address as two records of one person share it: Unicode form, case and white space do not count. Nothing
 * else is removed; what providers treat as one mailbox is for `duplicates/` to say.
 */
export function sameEmail(email: string): string {
  return email.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}
