import { CliError } from '../errors.ts'
import { isUnmistakable, visible } from '../visible.ts'

/** What a create sends, all of it required (docs/orafi-api.md#endpoints). */
export interface NewCustomer {
  readonly firstname: string
  readonly lastname: string
  readonly email: string
}

export const newCustomerFields = ['firstname', 'lastname', 'email'] as const

/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1). */
const longestEmail = 254

/**
 * Whether a text has the form of an e-mail address: one @ with something before it and a domain with a dot after
 * it, no white space, no control characters. Deliberately loose, since only the mail's arrival proves an address;
 * it is there to catch slips before something is created that cannot be changed.
 */
export function isEmail(text: string): boolean {
  return visible(text) === text && hasEmailForm(text)
}

function hasEmailForm(text: string): boolean {
  return text.length <= longestEmail && emailForm.test(text)
}

const emailForm = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\.]+(\.[^\s@<>,;:"()[\]\\.]+)+$/

/** What is wrong with one field, in words that follow the field's name, or undefined. */
export function problemOf(field: keyof NewCustomer, value: string): string | undefined {
  if (value.trim() === '') return 'is empty'
  const shown = visible(value)
  if (shown !== value) return `holds control characters: '${shown}'`
  if (field === 'email' && !hasEmailForm(value)) return `is not an e-mail address: '${value}'`
  return undefined
}

/**
 * A customer to create, with white space around the values removed. Throws `usage` naming every field that is
 * missing or malformed, so that all can be corrected at once.
 */
export function checkNewCustomer(fields: { [Field in keyof NewCustomer]?: string | undefined }): NewCustomer {
  const missing = newCustomerFields.filter((field) => fields[field] === undefined)
  if (missing.length > 0) {
    const flags = missing.map((field) => `--${field}`)
    throw new CliError('usage', `missing: ${flags.join(', ')}`, {
      hint: 'give them as flags; on a terminal orafi asks for what is missing',
    })
  }
  const customer = {
    firstname: (fields.firstname ?? '').trim(),
    lastname: (fields.lastname ?? '').trim(),
    email: (fields.email ?? '').trim(),
  }
  const problems = newCustomerFields.flatMap((field) => {
    const problem = problemOf(field, customer[field])
    return problem === undefined ? [] : [`--${field} ${problem}`]
  })
  if (problems.length > 0) throw new CliError('usage', problems.join('; '))
  return customer
}

/**
 * Refuses what can be no id of one customer: an empty text would ask for the list, `.` and `..` for another path
 * (docs/contract.md#ids). Control characters are refused too, and so is what tables and TSV show for them, since the
 * id that was copied from there would be another customer's. Everything else is sent, URL-encoded, for the API to
 * judge. Throws `usage`.
 */
export function checkId(id: string): void {
  const hint = 'find ids with: orafi customers find'
  if (id.trim() === '') throw new CliError('usage', 'an id is empty', { hint })
  if (id === '.' || id === '..') throw new CliError('usage', `'${id}' is not an id`, { hint })
  if (!isUnmistakable(id)) {
    const problem = `an id holds a control character, or what is shown for one: '${visible(id)}'`
    throw new CliError('usage', problem, { hint })
  }
}
