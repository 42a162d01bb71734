import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { type Listing, listCustomers } from '../../customers/listing.ts'
import { many } from '../../output/result.ts'
import { shellWord } from '../../shell-word.ts'
import { visible } from '../../visible.ts'
import { delimiterOption, positive } from '../options.ts'
import { addFilters, type Filters, filtersOf, noteRepeated, withFixedDates } from './filters.ts'

interface Options extends Filters {
  readonly limit?: number | undefined
  readonly all?: true | undefined
  readonly cursor?: string | undefined
}

/** The default of --limit (docs/contract.md#listing). */
const defaultLimit = 20

/** `orafi customers list` */
export function define(command: Command, run: Run): void {
  addFilters(command)
    .option('--limit <n>', 'print at most this many (default: 20)', positive)
    .addOption(new Option('--all', 'list all customers').conflicts('limit'))
    .option('--cursor <cursor>', 'continue after the page that returned this cursor', cursorOf)
    .addOption(delimiterOption())
    .action(run(list, 'customers'))
}

/** Rejects an empty cursor, such as a script's unset variable, which would list from the start again. */
function cursorOf(text: string): string {
  if (text.trim() === '')
    throw new InvalidArgumentError('It is empty; leave out --cursor to list from the start.')
  return text
}

async function list(context: Context, options: Options): Promise<void> {
  const now = context.world.now()
  const { query, accepts } = filtersOf(options, now)
  const session = await context.session({ listMode: options.mode })
  const listing = listCustomers(session.client, {
    query: { ...query, cursor: options.cursor },
    accepts,
    limit: options.all ? Number.POSITIVE_INFINITY : (options.limit ?? defaultLimit),
    onScanned: context.counting('listing customers'),
  })
  await context.print(many(listing.records, listing.ending, listing.readEnough))
  await noteEnd(context, listing, withFixedDates(context.argv, options, now))
}

/** Notes what the rows alone do not show: that nothing matches, that there are more, that ids were repeated. */
async function noteEnd(context: Context, listing: Listing, argv: readonly string[]): Promise<void> {
  const { hasNextPage, nextCursor } = listing.ending()
  if (listing.yielded() === 0) await context.note('No customers match.')
  await noteRepeated(context, listing.repeated())
  if (!hasNextPage) return
  if (nextCursor === null)
    await context.note('There are more customers. To see them: a larger --limit, or --all')
  else await context.note(`There are more customers. Next: ${visible(withCursor(argv, nextCursor))}`)
}

/**
 * The command line that lists the next page, quoted for a POSIX shell, so that it can be pasted
 * (docs/contract.md#listing).
 */
function withCursor(argv: readonly string[], cursor: string): string {
  const kept = argv.filter(
    (word, index) => word !== '--cursor' && argv[index - 1] !== '--cursor' && !word.startsWith('--cursor='),
  )
  return ['orafi', ...kept, '--cursor', cursor].map(shellWord).join(' ')
}
