import type { Mode, SpentRange } from '../api/customer.ts'
import type { Context } from '../context.ts'
import { createdWithin } from '../customers/dates.ts'
import type { ListingOptions } from '../customers/listing.ts'
import type { Session } from '../session.ts'

/** The filters of everything that lists customers, as parsed; dates in epoch ms. */
export interface ListFilters {
  readonly mode?: Mode | undefined
  readonly spent?: SpentRange | undefined
  readonly createdAfter?: number | undefined
  readonly createdBefore?: number | undefined
}

/** What the API filters, and what is left to us because it cannot: the dates. */
export function filtersOf(filters: ListFilters): Pick<ListingOptions, 'query' | 'accepts'> {
  const { mode, spent, createdAfter: after, createdBefore: before } = filters
  const dated = after !== undefined || before !== undefined
  return {
    query: { amountSpent: spent, mode },
    accepts: dated ? createdWithin({ after, before }) : undefined,
  }
}

/** Warns that `--mode` asks a key for what it does not see (docs/contract.md#which-key). */
export async function warnOfOtherMode(
  context: Context,
  { key }: Session,
  mode: Mode | undefined,
): Promise<void> {
  if (mode === undefined || mode === key.mode) return
  await context.warn(
    `warning: this is a ${key.mode} key (${key.masked}): it answers for ${key.mode} data, whatever --mode says`,
  )
}

/** Says that ids came twice (docs/contract.md#listing). */
export async function tellRepeated(context: Context, repeated: number): Promise<void> {
  if (repeated === 0) return
  await context.note(
    `note: ${repeated} ${repeated === 1 ? 'id came twice and was' : 'ids came twice and were'} dropped: the account changed while it was read`,
  )
}
