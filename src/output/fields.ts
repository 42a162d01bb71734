import { documentedFields } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/**
 * The columns that `--fields id,email` names, in their order.
 * Throws `usage`, listing the eight, for any other name, for one that comes twice and for none.
 */
export function parseFields(text: string): string[] {
  const fields = text.split(',').map((field) => field.trim())
  const hint = `the fields are ${documentedFields.join(', ')}`
  const known: readonly string[] = documentedFields
  const unknown = fields.find((field) => !known.includes(field))
  if (unknown === '') throw new CliError('usage', '--fields names no field where one was expected', { hint })
  if (unknown !== undefined) throw new CliError('usage', `unknown field ${visible(unknown)}`, { hint })
  const repeated = fields.find((field, place) => fields.indexOf(field) !== place)
  if (repeated !== undefined) throw new CliError('usage', `--fields names ${repeated} twice`, { hint })
  return fields
}
