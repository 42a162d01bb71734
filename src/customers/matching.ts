import type { Customer } from '../api/customer.ts'
import { isEmail } from './new-customer.ts'

/** Where `find` looks (contract, "customers"). */
export const findScopes = ['email', 'name', 'any'] as const
export type FindScope = (typeof findScopes)[number]

/**
 * Text as people compare it: compatibility forms unified, accents and case dropped, white space runs one blank.
 * `İ` and `ß` take the long way round (upper case first), so that they meet what people type for them.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

/**
 * A predicate for `find TEXT`. A whole address with `--by email` matches exactly that address (folded), anything
 * else matches as a part: of the e-mail, of the name in either order, or of both.
 */
export function matcher(text: string, scope: FindScope): (customer: Customer) => boolean {
  const wanted = fold(text)
  const exact = scope === 'email' && isEmail(text.trim())
  const inEmail = (customer: Customer): boolean => {
    const email = fold(textOf(customer.email))
    return exact ? email === wanted : email.includes(wanted)
  }
  const inName = (customer: Customer): boolean => {
    const first = fold(textOf(customer.firstname))
    const last = fold(textOf(customer.lastname))
    return `${first} ${last}`.includes(wanted) || `${last} ${first}`.includes(wanted)
  }
  if (scope === 'email') return inEmail
  if (scope === 'name') return inName
  return (customer) => inEmail(customer) || inName(customer)
}

/** A field's text; what is no text (the API facts promise strings, but nobody checks) matches nothing. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
