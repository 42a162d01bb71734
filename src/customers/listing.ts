import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { type ListQuery, pages } from '../api/customers.ts'
import type { Page } from '../api/envelope.ts'

/** How a listing ended: what `--json` prints beside the data (docs/contract.md#json-documents). */
export interface Ending {
  hasNextPage: boolean
  nextCursor: string | null
}

export interface ListingOptions {
  readonly query: ListQuery
  /** The most customers to yield; Infinity follows to the end. */
  readonly limit: number
  /** What is applied here because the API cannot: dates, the text of a search. */
  readonly accepts?: ((customer: Customer) => boolean) | undefined
  /** A search: stopped at its limit it has no cursor to give, since `find` takes none. */
  readonly searching?: boolean | undefined
  /** Called after every page with how many records were looked at so far. */
  readonly onScanned?: ((scanned: number) => void) | undefined
  /** Ids that came before, where an earlier reading of the whole list is resumed. */
  readonly seen?: Set<string> | undefined
}

/** What a page of the list brings. */
export interface ListedPage {
  /** Those that are wanted. */
  readonly customers: readonly Customer[]
  /** Those that came for the first time, wanted or not; all of them unless the whole list is read. */
  readonly fresh: readonly Customer[]
  /** Where the list goes on after this page. */
  readonly ending: Ending
}

/** Customers as they arrive, and what is known of the list when they stop. To be read once, in one of two ways. */
export interface Listing {
  readonly records: AsyncIterable<Customer>
  /** The same page by page, pages too of which nobody is wanted. */
  readonly pages: AsyncIterable<ListedPage>
  /** Where the list goes on. Right at any moment, so also after a failure: then it names the page that failed. */
  ending(): Ending
  /** How many customers are on the pages that were yielded so far. */
  yielded(): number
  /** How many records came twice and were dropped (only where the whole list is read). */
  repeated(): number
}

/** The most that one page is asked for (docs/contract.md#listing). */
export const largestPage = 100

/**
 * Customers of the account, page after page, at most `limit` of them.
 *
 * With a limit and nothing to apply here, the last request asks only for the rest, so that `nextCursor` loses nobody;
 * where the list stops inside a page all the same, the cursor is null with `hasNextPage: true`. Reading everything,
 * an id that comes twice is dropped (docs/contract.md#listing). Throws what `pages` throws.
 */
export function listCustomers(client: Client, options: ListingOptions): Listing {
  const { query, limit, accepts, onScanned, searching = false } = options
  const readsOn = accepts !== undefined || limit === Number.POSITIVE_INFINITY
  const seen = readsOn ? (options.seen ?? new Set<string>()) : undefined
  let ending: Ending = { hasNextPage: true, nextCursor: query.cursor ?? null }
  let repeated = 0
  let yielded = 0
  let scanned = 0

  const isNew = (customer: Customer): boolean => {
    if (seen?.has(customer.id)) {
      repeated += 1
      return false
    }
    seen?.add(customer.id)
    return true
  }

  async function* listed(): AsyncGenerator<ListedPage, void, undefined> {
    let left = limit
    const wanted = readsOn ? Number.POSITIVE_INFINITY : limit
    for await (const page of pages(client, query, { limit: wanted, pageSize: largestPage })) {
      scanned += page.customers.length
      onScanned?.(scanned)
      const fresh = page.customers.filter(isNew)
      const { accepted, surplus } = chosenFrom(fresh, accepts, left)
      const next = endingAfter(page, surplus, searching)
      yielded += accepted.length
      yield { customers: accepted, fresh, ending: next }
      // Only now has the page been taken: who stops inside it begins with it again.
      ending = next
      left = -surplus
      if (left <= 0) return
    }
  }

  async function* records(): AsyncGenerator<Customer, void, undefined> {
    for await (const { customers } of listed()) yield* customers
  }

  return {
    records: records(),
    pages: listed(),
    ending: () => ending,
    yielded: () => yielded,
    repeated: () => repeated,
  }
}

/**
 * At most `left` of a page's customers, and how many more were wanted, negative where they were too few. One that
 * cannot be judged is an error, unless there are enough before it: then it counts as wanted.
 */
function chosenFrom(
  customers: readonly Customer[],
  accepts: ListingOptions['accepts'],
  left: number,
): { accepted: readonly Customer[]; surplus: number } {
  if (accepts === undefined) return { accepted: customers.slice(0, left), surplus: customers.length - left }
  const accepted: Customer[] = []
  for (const customer of customers) {
    try {
      if (accepts(customer)) accepted.push(customer)
    } catch (error) {
      if (accepted.length < left) throw error
      accepted.push(customer)
    }
  }
  return { accepted: accepted.slice(0, left), surplus: accepted.length - left }
}

/**
 * After a page of which all was wanted, the API's own cursor goes on; inside a page there is none to give.
 * `surplus` is how many of the page's customers were too many: 0 or more means that the listing stops here.
 */
function endingAfter(page: Page, surplus: number, searching: boolean): Ending {
  if (searching && surplus >= 0) return { hasNextPage: page.hasNextPage, nextCursor: null }
  if (surplus > 0) return { hasNextPage: true, nextCursor: null }
  return { hasNextPage: page.hasNextPage, nextCursor: page.nextCursor }
}
