import { type Command, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { listCustomers } from '../../customers/listing.ts'
import { type FindScope, findScopes, isEmptySearch, matcher } from '../../customers/matching.ts'
import { CliError } from '../../errors.ts'
import { many } from '../../output/result.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import { visible } from '../../visible.ts'
import { delimiterOption, positive } from '../options.ts'
import { addFilters, type Filters, filtersOf, noteRepeated } from './filters.ts'

interface Options extends Filters {
  readonly by: FindScope
  readonly limit?: number | undefined
}

/** `orafi customers find TEXT` */
export function define(command: Command, run: Run): void {
  addFilters(
    command
      .description('Find customers by e-mail or name. The API has no search, so all customers are read.')
      .argument('<text>', 'part of an e-mail or a name; case, accents and spacing are ignored')
      .addOption(
        new Option('--by <what>', 'where to look; with email, a whole address must match exactly')
          .choices(findScopes)
          .default('any' as const),
      ),
  )
    .addOption(
      new Option('--limit <n>', 'stop after this many matches (default: no limit)').argParser(positive),
    )
    .addOption(delimiterOption())
    .action(run(find, 'customers'))
  guide(command, {
    exits: [...requestExits, [3, 'no customer matches']],
    json: '{"data": […], "hasNextPage", "nextCursor"}',
    examples: [
      'orafi customers find mekus@orafi.app --by email',
      "orafi customers find 'melvin charles'",
      "orafi customers find obi --mode live --json | jq -r '.data[].id'",
    ],
  })
}

async function find(context: Context, text: string, options: Options): Promise<void> {
  if (isEmptySearch(text)) throw new CliError('usage', 'the search text is empty')
  const { query, accepts } = filtersOf(options, context.world.now())
  const { client } = await context.session({ listMode: options.mode, many: true })
  const matches = matcher(text, options.by)
  const listing = listCustomers(client, {
    query,
    limit: options.limit ?? Number.POSITIVE_INFINITY,
    accepts: (customer) => matches(customer) && (accepts?.(customer) ?? true),
    searching: true,
    onScanned: (scanned) => context.status(`${scanned} customers read`),
  })
  await context.print(many(listing.records, listing.ending))
  context.status(undefined)
  await noteRepeated(context, listing.repeated())
  if (listing.yielded() === 0) {
    throw new CliError('not_found', `no customer matches '${visible(text)}'`, {
      hint: options.by === 'any' ? 'try a shorter part of the e-mail or name' : 'try --by any',
    })
  }
}
