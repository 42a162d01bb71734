import { visible } from './visible.ts'

// Who has an e-mail, and whether a text is one: the only place that decides it (docs/contract.md#e-mails).

/** ASCII without white space, which Unicode normalisation does not change. */
const asciiSigns = /^[\x21-\x7e]*$/

/** Longer than any address (RFC 5321: 254), and short enough to normalise: sorting many accents is slow. */
const longestCompared = 1_000

/**
 * Normalises an e-mail address for comparison, generously: as `strictEmail`, but compatibility forms and the Turkish İ
 * and ı count as the letters that they stand for, and white space inside does not count. Decides who is found, and who
 * exists already. Rules of mail providers are applied in `duplicates/`. A text of more than 1,000 characters is not an address and returned unchanged.
 */
export function sameEmail(email: string): string {
  if (email.length > longestCompared) return email
  // The fast path for nearly all addresses.
  if (asciiSigns.test(email)) return email.toLowerCase()
  return normalised(email.normalize('NFKC').replace(/[İı]/g, 'i').replace(/\s+/gu, ''))
}

/**
 * Normalises an e-mail address for comparison where a deletion may depend on it: case, Unicode form, invisible characters
 * and white space around it, and an international domain in ASCII (`bücher.example` is `xn--bcher-kva.example`).
 */
export function strictEmail(email: string): string {
  if (email.length > longestCompared) return email
  return asciiSigns.test(email) ? email.toLowerCase() : normalised(email.normalize('NFC'))
}

function normalised(email: string): string {
  const bare = email
    .replace(/\p{Cf}+/gu, '')
    .trim()
    .toLowerCase()
  const at = bare.lastIndexOf('@') + 1
  const domain = bare.slice(at)
  return at === 0 || asciiSigns.test(domain) ? bare : bare.slice(0, at) + asciiDomain(domain)
}

/** An international domain in ASCII; anything that is not a domain unchanged. Loads no module of Node, unlike `node:url`. */
function asciiDomain(domain: string): string {
  const url = `http://${domain}`
  return /^[^/?#:@\\[\]%]+$/.test(domain) && URL.canParse(url) ? new URL(url).hostname : domain
}

/** Characters that change the reading direction: inside an address they may hide what it is. */
const direction = '\\u202a-\\u202e\\u2066-\\u2069'
const around = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu
const inside = new RegExp(`(?![${direction}])\\p{Cf}`, 'gu')

/** An address as typed or pasted, without space around it and invisible characters; nothing else is changed. */
export function typedEmail(text: string): string {
  return asciiSigns.test(text) ? text : text.replace(around, '').replace(inside, '')
}

/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1). */
const maxEmailLength = 254

/** A local part: words with single dots between them, or a quoted text. */
const local = String.raw`(?:[^\s@<>,;:"()[\]\\.]+(?:\.[^\s@<>,;:"()[\]\\.]+)*|"(?:[^"\\\s]|\\\S)+")`
/** A part of a domain. */
const label = String.raw`[^\s@<>,;:"'()[\]\\./]+`
const emailPattern = new RegExp(String.raw`^${local}@${label}(?:\.${label})+$`)

/**
 * Whether a text looks like an e-mail address: one @, a domain with a dot, single dots, no white space, no quotes around it
 * and no control characters. Deliberately loose: it catches typing errors before a customer is created, which cannot be
 * changed afterwards.
 */
export function isEmail(text: string): boolean {
  return text.length <= maxEmailLength && visible(text) === text && emailPattern.test(text)
}
