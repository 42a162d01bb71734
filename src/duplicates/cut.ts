/**
 * How much of a name field or an e-mail is compared, in UTF-16 units, before folding and after it. Both come from
 * strangers, and folding or comparing a text of 100,000 letters could take minutes; no name and no address that mail
 * reaches (254, RFC 5321) is as long. What was cut never counts as the same where a deletion depends on it.
 */
export const comparedLength = 256

/** The part of a text that is compared. */
export function cut(text: string): string {
  return text.length > comparedLength ? text.slice(0, comparedLength) : text
}
