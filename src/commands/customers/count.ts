import type { Command } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { listCustomers } from '../../customers/listing.ts'
import { report } from '../../output/result.ts'
import { addFilters, type Filters, filtersOf, noteRepeated } from './filters.ts'

/** `orafi customers count` */
export function define(command: Command, run: Run): void {
  addFilters(command).action(run(count))
}

async function count(context: Context, options: Filters): Promise<void> {
  const filters = filtersOf(options, context.world.now())
  const session = await context.session({ listMode: options.mode, many: true })
  const listing = listCustomers(session.client, {
    ...filters,
    limit: Number.POSITIVE_INFINITY,
    onScanned: context.counting('counting'),
  })
  let counted = 0
  for await (const { customers } of listing.pages) counted += customers.length
  await context.print(report({ count: counted }, [{ count: String(counted) }], [{ key: 'count', title: '' }]))
  await noteRepeated(context, listing.repeated())
}
