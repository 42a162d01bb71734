import { CliError } from '../errors.ts'
import { isUnmistakable, visible } from '../visible.ts'

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
