import type { Mode } from '../api/customer.ts'
import type { Context } from '../context.ts'
import { listCustomers } from '../customers/listing.ts'
import type { KeepRule } from '../duplicates/decide.ts'
import type { Level } from '../duplicates/evidence.ts'
import { type Duplicates, findDuplicates } from '../duplicates/find.ts'
import { readCustomers } from '../files/customers.ts'
import { openInput } from '../files/source.ts'
import type { Session } from '../session.ts'
import { filtersOf, type ListFilters, tellRepeated } from './listing.ts'

/** How duplicates are looked for and decided. */
export interface SearchRules {
  readonly match: Level
  readonly keep: KeepRule
  readonly keyMode: Mode | undefined
}

/** Looks for duplicates in the whole account. Throws what the listing throws. */
export async function searchAccount(
  context: Context,
  session: Session,
  filters: ListFilters,
  rules: SearchRules,
): Promise<Duplicates> {
  const listing = listCustomers(session.client, {
    ...filtersOf(filters),
    limit: Number.POSITIVE_INFINITY,
  })
  const found = await search(context, listing.records, rules)
  await tellRepeated(context, listing.repeated())
  return found
}

/** Looks for duplicates in an export, without a request. Throws `usage` for what is none. */
export async function searchFile(context: Context, file: string, rules: SearchRules): Promise<Duplicates> {
  return search(context, readCustomers(await openInput(file, context.world.stdin, context.signal)), rules)
}

async function search(
  context: Context,
  customers: Parameters<typeof findDuplicates>[0],
  rules: SearchRules,
): Promise<Duplicates> {
  const found = await findDuplicates(customers, {
    ...rules,
    onRead: (count) => context.status(`${count} customers read`),
    async pause() {
      await context.world.pause()
      context.signal.throwIfAborted()
    },
  })
  context.status(undefined)
  return found
}
