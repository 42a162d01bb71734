import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { type ListQuery, pages } from '../api/customers.ts'
import type { Page, PageInfo } from '../api/envelope.ts'

export interface ListingOptions {
  readonly query: ListQuery
  /** The maximum number of customers to yield; Infinity reads to the end. */
  readonly limit: number
  /** Filters that the API does not have: dates, the text of a search. */
  readonly accepts?: ((customer: Customer) => boolean) | undefined
  /** For `find`, which has no --cursor: at the limit, `nextCursor` is null. */
  readonly searching?: boolean | undefined
  /** Called after every page with the number of records read so far. */
  readonly onScanned?: ((scanned: number) => void) | undefined
  /** Ids already read, when an interrupted listing is resumed. */
  readonly seen?: Set<string> | undefined
  /** Ends the listing with its reason, also during a request or a wait. */
  readonly signal?: AbortSignal | undefined
}

export interface ListedPage {
  /** The customers to yield. */
  readonly customers: readonly Customer[]
  /** Customers read for the first time, including filtered ones; all of the page unless the whole list is read. */
  readonly fresh: readonly Customer[]
  /** How the listing continues after this page. */
  readonly ending: PageInfo
}

/** A listing, to be read once: either `records` or `pages`. */
export interface Listing {
  readonly records: AsyncIterable<Customer>
  /** The same page by page, including pages without a match. */
  readonly pages: AsyncIterable<ListedPage>
  /** How the listing continues. Valid at any time: after a failure it points to the page that failed. */
  ending(): PageInfo
  /** The number of customers on the pages yielded so far. */
  yielded(): number
  /** Resolves once a thousand customers were read and there are more: a person should see what was found so far. */
  readonly readEnough: Promise<void>
  /** The number of repeated records that were dropped (only if the whole list is read). */
  repeated(): number
}

/** The largest page to request (docs/contract.md#listing). */
export const largestPage = 100

/** A search that takes longer shows what it has found so far. */
const enoughRead = 1_000

/**
 * Lists at most `limit` customers, page by page.
 *
 * Without `accepts`, the last request asks only for the rest, so that `nextCursor` skips nobody; if the listing still
 * stops inside a page, the cursor is null with `hasNextPage: true`. When everything is read, repeated ids are dropped
 * (docs/contract.md#listing). Throws the errors of `pages`.
 */
export function listCustomers(client: Client, options: ListingOptions): Listing {
  const { query, limit, accepts, onScanned, signal, searching = false } = options
  const readsAll = accepts !== undefined || limit === Number.POSITIVE_INFINITY
  const seen = readsAll ? (options.seen ?? new Set<string>()) : undefined
  let ending: PageInfo = { hasNextPage: true, nextCursor: query.cursor ?? null }
  let repeated = 0
  let yielded = 0
  let scanned = 0

  let noteEnough = (): void => undefined
  const readEnough = new Promise<void>((resolve) => {
    noteEnough = resolve
  })

  const isNew = (customer: Customer): boolean => {
    if (seen?.has(customer.id)) {
      repeated += 1
      return false
    }
    seen?.add(customer.id)
    return true
  }

  async function* readPages(): AsyncGenerator<ListedPage, void, undefined> {
    let remaining = limit
    const wanted = readsAll ? Number.POSITIVE_INFINITY : limit
    for await (const page of pages(client, query, { limit: wanted, pageSize: largestPage, signal })) {
      scanned += page.customers.length
      onScanned?.(scanned)
      const fresh = page.customers.filter(isNew)
      const { accepted, surplus } = selectFrom(fresh, accepts, remaining)
      const next = endingAfter(page, surplus, searching)
      yielded += accepted.length
      yield { customers: accepted, fresh, ending: next }
      // Set after the page was consumed: a consumer that stops inside it starts with it again.
      ending = next
      if (scanned >= enoughRead && page.hasNextPage) noteEnough()
      remaining = -surplus
      if (remaining <= 0) return
    }
  }

  async function* records(): AsyncGenerator<Customer, void, undefined> {
    for await (const { customers } of readPages()) yield* customers
  }

  return {
    records: records(),
    pages: readPages(),
    ending: () => ending,
    yielded: () => yielded,
    readEnough,
    repeated: () => repeated,
  }
}

/**
 * At most `remaining` accepted customers of a page, and the surplus: how many more were accepted, or a negative number
 * if there were fewer. A customer that `accepts` throws for is an error, unless there are enough before it: then it
 * counts as accepted.
 */
function selectFrom(
  customers: readonly Customer[],
  accepts: ListingOptions['accepts'],
  remaining: number,
): { accepted: readonly Customer[]; surplus: number } {
  if (accepts === undefined)
    return { accepted: customers.slice(0, remaining), surplus: customers.length - remaining }
  const accepted: Customer[] = []
  for (const customer of customers) {
    try {
      if (accepts(customer)) accepted.push(customer)
    } catch (error) {
      if (accepted.length < remaining) throw error
      accepted.push(customer)
    }
  }
  return { accepted: accepted.slice(0, remaining), surplus: accepted.length - remaining }
}

/**
 * The API's cursor continues after a whole page; inside a page there is no cursor. `surplus` is how many customers of
 * the page were too many: with 0 or more the listing stops here.
 */
function endingAfter(page: Page, surplus: number, searching: boolean): PageInfo {
  if (searching && surplus >= 0) return { hasNextPage: page.hasNextPage, nextCursor: null }
  if (surplus > 0) return { hasNextPage: true, nextCursor: null }
  return { hasNextPage: page.hasNextPage, nextCursor: page.nextCursor }
}
