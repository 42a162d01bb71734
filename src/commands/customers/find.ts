import { type Command, Option } from '@commander-js/extra-typings'
import type { Customer } from '../../api/customer.ts'
import type { Context, Run } from '../../context.ts'
import { listCustomers } from '../../customers/listing.ts'
import { createFinder, type FindScope, findScopes, isEmptySearch } from '../../customers/matching.ts'
import { createNearest } from '../../customers/nearest.ts'
import { CliError } from '../../errors.ts'
import { many } from '../../output/result.ts'
import { visible } from '../../visible.ts'
import { delimiterOption, positive } from '../options.ts'
import { addFilters, type Filters, filtersOf, noteRepeated } from './filters.ts'

interface Options extends Filters {
  readonly by: FindScope
  readonly limit?: number | undefined
}

/** `orafi customers find TEXT…` */
export function define(command: Command, run: Run): void {
  addFilters(
    command
      .argument(
        '<text...>',
        'parts of an e-mail or a name, in any order; case, accents, apostrophes, hyphens and spacing are ignored',
      )
      .addOption(
        new Option('--by <what>', 'field to search; with email, a complete address must match exactly')
          .choices(findScopes)
          .default('any' as const),
      ),
  )
    .option('--limit <n>', 'stop after this many matches (default: no limit)', positive)
    .addOption(delimiterOption())
    .action(run(find, 'customers'))
}

/** At most so many customers are kept whose names are only spelled differently; memory stays bounded. */
const mostSpelledOut = 10_000

async function find(context: Context, words: readonly string[], options: Options): Promise<void> {
  const text = words.join(' ')
  if (isEmptySearch(text)) throw new CliError('usage', 'the search text is empty')
  const { query, accepts } = filtersOf(options, context.world.now())
  const { client } = await context.session({ listMode: options.mode, many: true })
  const limit = options.limit ?? Number.POSITIVE_INFINITY
  const finder = createFinder(text, options.by)
  const nearest = createNearest(text, options.by)
  const spelledOut: Customer[] = []
  let found = 0
  let isCut = false

  /** Whether a customer matches; until one does, keeps those that are similar. */
  function isMatch(customer: Customer): boolean {
    if (finder.matches(customer)) {
      if (!(accepts?.(customer) ?? true)) return false
      found += 1
      spelledOut.length = 0
      return true
    }
    if (found > 0) return false
    if (!finder.matchesSpelledOut(customer)) nearest.consider(customer, isWithinFilters)
    else if (spelledOut.length < mostSpelledOut) spelledOut.push(customer)
    else isCut = true
    return false
  }

  /** A date that is missing is an error only for customers who match. */
  function isWithinFilters(customer: Customer): boolean {
    try {
      return accepts?.(customer) ?? true
    } catch {
      return false
    }
  }

  const listing = listCustomers(client, {
    query,
    limit,
    accepts: isMatch,
    searching: true,
    onScanned: context.counting('searching the account'),
  })

  async function* records(): AsyncGenerator<Customer, void, undefined> {
    yield* listing.records
    if (found > 0) return
    for (const customer of spelledOut) {
      if (!(accepts?.(customer) ?? true)) continue
      if (found === limit) {
        isCut = true
        return
      }
      found += 1
      yield customer
    }
  }

  const ending = () =>
    isCut && spelledOut.length > 0 ? { hasNextPage: true, nextCursor: null } : listing.ending()
  await context.print(many(records(), ending, listing.readEnough))
  await noteRepeated(context, listing.repeated())
  const shown = `'${visible(text)}'`
  if (found === 0) {
    const near = nearest.shown()
    const other = options.by === 'any' ? 'try a shorter part of the e-mail or name' : 'try --by any'
    throw new CliError('not_found', `no customer matches ${shown}`, {
      hint: near.length > 0 ? `nearest: ${near.join(', ')}` : other,
    })
  }
  if (spelledOut.length > 0) {
    await context.note(
      `note: no customer is spelled ${shown}; these are spelled differently, such as ü for ue`,
    )
  }
}
