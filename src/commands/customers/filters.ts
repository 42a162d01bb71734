import { type Command, InvalidArgumentError, Option, type OptionValues } from '@commander-js/extra-typings'
import { type Mode, type SpentRange, spentRanges } from '../../api/customer.ts'
import type { Context } from '../../context.ts'
import { createdWithin, parseIsoDate } from '../../customers/dates.ts'
import type { ListingOptions } from '../../customers/listing.ts'

/** Adds the filters of the commands that list customers. */
export function addFilters<Args extends unknown[], Given extends OptionValues>(
  command: Command<Args, Given>,
) {
  return command
    .addOption(
      new Option('--mode <mode>', 'only customers seen in this mode').choices(['test', 'live'] as const),
    )
    .addOption(
      new Option('--spent <range>', 'only customers who spent this much')
        .choices(spentRanges)
        .argParser(spentRange),
    )
    .addOption(
      new Option('--created-after <date>', 'created at or after this ISO date (UTC)').argParser(isoDate),
    )
    .addOption(new Option('--created-before <date>', 'created before this ISO date (UTC)').argParser(isoDate))
}

/** The filters as parsed; dates in epoch ms. */
export interface Filters {
  readonly mode?: Mode | undefined
  readonly spent?: SpentRange | undefined
  readonly createdAfter?: number | undefined
  readonly createdBefore?: number | undefined
}

/** An ISO date, as epoch ms. */
function isoDate(text: string): number {
  const time = parseIsoDate(text)
  if (time === undefined) {
    throw new InvalidArgumentError('Expected an ISO date such as 2026-01-31 or 2026-01-31T12:00Z.')
  }
  return time
}

/** One of the API's spending ranges, in any case. */
function spentRange(text: string): SpentRange {
  const range = spentRanges.find((one) => one === text.toUpperCase())
  if (range === undefined) throw new InvalidArgumentError(`Allowed choices are ${spentRanges.join(', ')}.`)
  return range
}

/** The API's filters, and `accepts` for dates, which the API cannot filter. */
export function filtersOf(filters: Filters): Pick<ListingOptions, 'query' | 'accepts'> {
  const { mode, spent, createdAfter: after, createdBefore: before } = filters
  const dated = after !== undefined || before !== undefined
  return {
    query: { amountSpent: spent, mode },
    accepts: dated ? createdWithin({ after, before }) : undefined,
  }
}

/** Notes that repeated ids were dropped (docs/contract.md#listing). */
export async function noteRepeated(context: Context, repeated: number): Promise<void> {
  if (repeated === 0) return
  await context.note(
    `note: ${repeated} repeated ${repeated === 1 ? 'id was' : 'ids were'} dropped: the account changed while it was read`,
  )
}
