import type { Customer } from '../api/customer.ts'
import { isEmail } from '../email.ts'

/** Where `find` looks (docs/contract.md#finding). */
export const findScopes = ['email', 'name', 'any'] as const
export type FindScope = (typeof findScopes)[number]

/**
 * Normalises text for comparison: no compatibility forms, accents or case, and single spaces. Converts to upper case
 * first, so that `İ` and `ß` match what people type for them.
 */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

/** How many characters of a field `find` compares. Names are untrusted, and folding is slow. */
const maxFoldedLength = 256

/**
 * The first 256 characters of a field, folded, so that a longer name or e-mail is found by any part of these. If the
 * field was cut, U+FFFF is appended, so that it never equals a shorter text.
 */
function comparable(value: unknown): string {
  // Strings are documented (docs/orafi-api.md#customer) but not validated; other values match nothing.
  if (typeof value !== 'string') return ''
  const text = value.trim()
  return text.length <= maxFoldedLength ? fold(text) : `${fold(text.slice(0, maxFoldedLength))}\uffff`
}

/** Whether TEXT is empty after folding (white space or accents only), and so would match every customer. */
export function isEmptySearch(text: string): boolean {
  const whole = text.trim()
  return whole.length <= maxFoldedLength && fold(whole) === ''
}

/**
 * A predicate for `find TEXT`. A complete address with `--by email` matches exactly that address (folded); other text
 * matches as a part of the e-mail, or of the name in either order. TEXT of more than 256 characters must equal a whole
 * field exactly.
 */
export function matcher(text: string, scope: FindScope): (customer: Customer) => boolean {
  const whole = text.trim()
  if (whole.length > maxFoldedLength) return exactMatcher(whole, scope)
  const wanted = fold(whole)
  const exact = scope === 'email' && isEmail(whole)
  const inEmail = (customer: Customer): boolean => {
    const email = comparable(customer.email)
    return exact ? email === wanted : email.includes(wanted)
  }
  const inName = (customer: Customer): boolean => {
    const first = comparable(customer.firstname)
    const last = comparable(customer.lastname)
    return `${first} ${last}`.includes(wanted) || `${last} ${first}`.includes(wanted)
  }
  if (scope === 'email') return inEmail
  if (scope === 'name') return inName
  return (customer) => inEmail(customer) || inName(customer)
}

const fieldsOf = {
  email: ['email'],
  name: ['firstname', 'lastname'],
  any: ['email', 'firstname', 'lastname'],
} as const

/** Matches customers with exactly this text in a field. */
function exactMatcher(whole: string, scope: FindScope): (customer: Customer) => boolean {
  return (customer) =>
    fieldsOf[scope].some((field) => {
      const value = customer[field]
      return typeof value === 'string' && value.trim() === whole
    })
}
