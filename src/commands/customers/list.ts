import { type Command, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { createdWithin } from '../../customers/dates.ts'
import { type Listing, listCustomers } from '../../customers/listing.ts'
import { many } from '../../output/result.ts'
import { visible } from '../../visible.ts'
import { withCursor } from '../again.ts'
import { examples, type Filters, filterOptions, positive } from '../options.ts'

interface Options extends Filters {
  readonly limit?: number | undefined
  readonly all?: true | undefined
  readonly cursor?: string | undefined
}

/** How many are listed when nothing says how many (contract, "customers"). */
const usualLimit = 20

/** `orafi customers list` */
export function define(parent: Command, run: Run): void {
  parent
    .command('list')
    .description('List customers, 20 unless told otherwise.')
    .addOption(filterOptions.mode())
    .addOption(filterOptions.spent())
    .addOption(filterOptions.createdAfter())
    .addOption(filterOptions.createdBefore())
    .addOption(new Option('--limit <n>', 'the most customers to print (default: 20)').argParser(positive))
    .addOption(new Option('--all', 'all of them').conflicts('limit'))
    .option('--cursor <cursor>', 'go on after the page that gave this cursor')
    .addHelpText(
      'after',
      examples(
        'orafi customers list --mode live --spent ABOVE500USDT',
        'orafi customers list --all --ndjson | jq -r .email',
        'orafi customers list --created-after 2026-01-01 --csv > january.csv',
      ),
    )
    .action(run(list, 'customers'))
}

async function list(context: Context, options: Options): Promise<void> {
  const { client, key } = await context.session({ listMode: options.mode })
  if (options.mode !== undefined && options.mode !== key.mode) {
    await context.warn(
      `warning: this is a ${key.mode} key (${key.masked}): it answers for ${key.mode} data, whatever --mode says`,
    )
  }
  const dated = options.createdAfter !== undefined || options.createdBefore !== undefined
  const listing = listCustomers(client, {
    query: { amountSpent: options.spent, mode: options.mode, cursor: options.cursor },
    limit: options.all ? Number.POSITIVE_INFINITY : (options.limit ?? usualLimit),
    accepts: dated
      ? createdWithin({ after: options.createdAfter, before: options.createdBefore })
      : undefined,
  })
  await context.print(many(listing.records, listing.ending))
  await tellEnd(context, listing)
}

/** Says what a reader of the rows alone would not know: that there are none, that more wait, that ids came twice. */
async function tellEnd(context: Context, listing: Listing): Promise<void> {
  const { hasNextPage, nextCursor } = listing.ending()
  if (listing.yielded() === 0) await context.note('No customers match.')
  if (listing.repeated() > 0) {
    await context.note(
      `note: ${listing.repeated()} ids came twice and were dropped: the account changed while it was read`,
    )
  }
  if (!hasNextPage) return
  if (nextCursor === null) await context.note('More customers wait. To see them: a larger --limit, or --all')
  else await context.note(`More customers wait. Next: ${visible(withCursor(context.argv, nextCursor))}`)
}
