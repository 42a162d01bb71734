import type { Customer } from '../api/customer.ts'
import { isEmail } from './validation.ts'

/** Where `find` looks (docs/contract.md#finding). */
export const findScopes = ['email', 'name', 'any'] as const
export type FindScope = (typeof findScopes)[number]

/**
 * Text as people compare it: compatibility forms unified, accents and case dropped, white space runs one blank.
 * `İ` and `ß` take the long way round (upper case first), so that they meet what people type for them.
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

/** The most characters of a field that `find` folds and compares. Names come from strangers, and folding is slow. */
const longestFolded = 256

/**
 * A field as `find` compares it: its first 256 characters, folded. So a longer name or e-mail is found by any part of
 * these. U+FFFF stands for what was cut: the rest differs from everything, also from nothing.
 */
function comparable(value: unknown): string {
  // What is no text (strings are documented, docs/orafi-api.md#customer, but nobody checks) matches nothing.
  if (typeof value !== 'string') return ''
  const text = value.trim()
  return text.length <= longestFolded ? fold(text) : `${fold(text.slice(0, longestFolded))}\uffff`
}

/** Whether nothing of TEXT would be compared, so that it would match everybody: white space, accents alone. */
export function isNothing(text: string): boolean {
  const whole = text.trim()
  return whole.length <= longestFolded && fold(whole) === ''
}

/**
 * A predicate for `find TEXT`. A whole address with `--by email` matches exactly that address (folded), anything
 * else matches as a part: of the e-mail, of the name in either order, or of both. TEXT of more than 256 characters
 * is that of a whole field, letter by letter.
 */
export function matcher(text: string, scope: FindScope): (customer: Customer) => boolean {
  const whole = text.trim()
  if (whole.length > longestFolded) return holderOf(whole, scope)
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

/** Matches who has just this text in a field. */
function holderOf(whole: string, scope: FindScope): (customer: Customer) => boolean {
  return (customer) =>
    fieldsOf[scope].some((field) => {
      const value = customer[field]
      return typeof value === 'string' && value.trim() === whole
    })
}
