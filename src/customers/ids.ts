import { CliError } from '../errors.ts'

/**
 * Refuses what can be no id of one customer: an empty text would ask for the list, `.` and `..` for another path
 * (contract, "customers"). Everything else is sent, URL-encoded, for the API to judge. Throws `usage`.
 */
export function checkId(id: string): void {
  if (id.trim() === '')
    throw new CliError('usage', 'an id is empty', { hint: 'find ids with: orafi customers find' })
  if (id === '.' || id === '..') throw new CliError('usage', `'${id}' is not an id`)
}
