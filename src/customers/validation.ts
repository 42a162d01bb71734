import { type NewCustomer, newCustomerFields } from '../api/customer.ts'
import { isEmail, typedEmail } from '../email.ts'
import { CliError } from '../errors.ts'
import { isUnmistakable, visible } from '../visible.ts'

/** What is wrong with a field, as text to follow the field's name; undefined if it is valid once it is cleaned. */
export function problemOf(field: keyof NewCustomer, typed: string): string | undefined {
  const value = cleaned(field, typed)
  if (value === '') return 'is empty'
  const shown = visible(value)
  if (shown !== value) return `contains control characters: '${shown}'`
  if (field === 'email' && !isEmail(value)) return `is not an e-mail address: '${value}'`
  return undefined
}

/** A field as it is sent: without space around it, and an e-mail without invisible characters. */
function cleaned(field: keyof NewCustomer, value: string): string {
  return field === 'email' ? typedEmail(value) : value.trim()
}

/** Cleans and checks the fields of a customer to create. Throws `usage` naming every missing or invalid field. */
export function checkNewCustomer(fields: { [Field in keyof NewCustomer]?: string | undefined }): NewCustomer {
  const missing = newCustomerFields.filter((field) => fields[field] === undefined)
  if (missing.length > 0) {
    const flags = missing.map((field) => `--${field}`)
    throw new CliError('usage', `missing: ${flags.join(', ')}`, {
      hint: 'pass them as flags; on a terminal orafi prompts for them',
    })
  }
  checkFields(fields)
  return {
    firstname: cleaned('firstname', fields.firstname ?? ''),
    lastname: cleaned('lastname', fields.lastname ?? ''),
    email: cleaned('email', fields.email ?? ''),
  }
}

/** Throws `usage` naming every invalid field; a missing one is not. */
export function checkFields(fields: { [Field in keyof NewCustomer]?: string | undefined }): void {
  const problems = newCustomerFields.flatMap((field) => {
    const value = fields[field]
    const problem = value === undefined ? undefined : problemOf(field, value)
    return problem === undefined ? [] : [`--${field} ${problem}`]
  })
  if (problems.length > 0) throw new CliError('usage', problems.join('; '))
}

/**
 * Rejects what cannot be a customer id: an empty text would request the list, `.` and `..` another path
 * (docs/contract.md#ids). Also rejects control characters and the escapes that tables and TSV show for them, since an
 * id copied from there would be a different id. Everything else is sent, URL-encoded. Throws `usage`.
 */
export function checkId(id: string): void {
  const hint = 'find ids with: orafi customers find'
  if (id.trim() === '') throw new CliError('usage', 'an id is empty', { hint })
  if (id === '.' || id === '..') throw new CliError('usage', `'${id}' is not an id`, { hint })
  if (!isUnmistakable(id)) {
    const problem = `an id contains a control character, or the escape shown for one: '${visible(id)}'`
    throw new CliError('usage', problem, { hint })
  }
}
