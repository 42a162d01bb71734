import type { Client } from './client.ts'
import type { Customer, Mode, NewCustomer, SpentRange } from './customer.ts'
import { type Page, readCustomer, readDeleted, readEnvelope, readPage } from './envelope.ts'
import { ApiError, quote } from './errors.ts'
import { unexpected } from './failures.ts'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/**
 * `GET /customers/{customerId}` (docs/orafi-api.md#endpoints).
 * @throws ApiError `not_found` when there is none; `api_error` when the answer is about another id
 */
export function getCustomer(client: Client, id: string, { signal }: CallOptions = {}): Promise<Customer> {
  return client.request(
    { method: 'GET', path: ['customers', id], doing: `getting ${id}`, item: `customer ${id}`, signal },
    (answer) => {
      const customer = readCustomer(answer)
      if (customer.id === id) return customer
      throw unexpected(answer, `customer ${quote(customer.id)}, which was not requested`)
    },
  )
}

/**
 * `POST /customers/create`. Retried only if it was certainly not carried out (docs/contract.md#retries).
 * @throws ApiError `ambiguous` when the customer may have been created; any other code: not created
 */
export function createCustomer(client: Client, input: NewCustomer): Promise<Customer> {
  const { firstname, lastname, email } = input
  const body = { firstname, lastname, email }
  const doing = `creating ${email}`
  return client.request({ method: 'POST', path: ['customers', 'create'], body, doing, email }, readCustomer)
}

/**
 * `DELETE /customers/{customerId}`: irreversible. Resolves when it is deleted.
 * @throws ApiError `not_found`, with `unanswered` true if an earlier attempt may have deleted it; with any other code,
 * `unanswered` true means that it may have been deleted: a GET shows
 */
export function deleteCustomer(client: Client, id: string): Promise<void> {
  return client.request(
    { method: 'DELETE', path: ['customers', id], doing: `deleting ${id}`, item: `customer ${id}` },
    readDeleted,
  )
}

/** The filters of `GET /customers`, and the cursor to start at (docs/orafi-api.md#list-filters). */
export interface ListQuery {
  readonly amountSpent?: SpentRange | undefined
  readonly mode?: Mode | undefined
  readonly cursor?: string | undefined
}

export interface PagesOptions {
  /** The maximum number of customers in all; unlimited by default. */
  readonly limit?: number | undefined
  /** The maximum `limit` of one request, default 100. */
  readonly pageSize?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The documented default page size; used if the API rejects a larger one (docs/contract.md#listing). */
const smallPage = 20

/**
 * The pages of the list, until the end or until `limit` customers. The next page is requested while the current one is
 * used; leaving the iteration aborts that request. A page is yielded whole, even if the API ignores `limit` and sends
 * more.
 * @throws ApiError for the page that failed: its cursor is the `nextCursor` of the page before; the signal's reason
 * when it is aborted
 */
export async function* pages(
  client: Client,
  filters: ListQuery,
  options: PagesOptions = {},
): AsyncGenerator<Page, void, undefined> {
  const { limit = Number.POSITIVE_INFINITY, signal } = options
  const leaving = new AbortController()
  const either = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal])
  const seen = new Set<string>()
  let pageSize = options.pageSize ?? 100
  let wanted = limit

  function load(cursor: string | undefined, size: number): Promise<Page> {
    const { amountSpent, mode } = filters
    const parameters = Object.entries({ amountSpent, mode, limit: String(size), cursor })
    const query = Object.fromEntries(parameters.filter(isGiven))
    const doing = 'listing customers'
    return client.request({ method: 'GET', path: ['customers'], query, doing, signal: either }, (answer) => {
      if (cursor !== undefined) seen.add(cursor)
      const page = readPage(answer, size)
      // The listing would never end.
      if (page.nextCursor !== null && seen.has(page.nextCursor))
        throw unexpected(answer, 'a cursor that repeats')
      return page
    })
  }

  async function loadFirst(): Promise<Page> {
    const size = Math.min(pageSize, wanted)
    try {
      return await load(filters.cursor, size)
    } catch (error) {
      // The maximum page size of the API is not documented.
      const refused = error instanceof ApiError && error.status === 400 && size > smallPage
      if (!refused) throw error
      pageSize = smallPage
      return load(filters.cursor, smallPage)
    }
  }

  try {
    let ahead: Promise<Page> | undefined = wanted > 0 ? loadFirst() : undefined
    while (ahead !== undefined) {
      const page: Page = await ahead
      wanted -= page.customers.length
      ahead = undefined
      if (page.nextCursor !== null && wanted > 0) {
        ahead = load(page.nextCursor, Math.min(pageSize, wanted))
        // Handled when it is awaited, which may be never.
        ahead.catch(() => undefined)
        // Otherwise it would only be sent after the consumer is done with this page.
        await client.leaving()
      }
      yield page
    }
  } finally {
    leaving.abort(new Error('the list was left'))
  }
}

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined
}

/** Longer than any name of a business (UTF-16 units). */
const longestName = 200

/** The business that a key belongs to, from `GET /profile`. */
export interface Business {
  /** Untrusted text. */
  readonly businessName: string
  /** Null if the answer does not say. */
  readonly onboarded: boolean | null
  readonly isLive: boolean | null
}

/**
 * `GET /profile` (docs/orafi-api.md#profile); undefined if the answer has no name of a business.
 * @throws ApiError as every request does; the name is optional, so callers go on without it
 */
export function getBusiness(client: Client, { signal }: CallOptions = {}): Promise<Business | undefined> {
  const doing = 'looking up the name of the business'
  return client.request({ method: 'GET', path: ['profile'], doing, signal, once: true }, (answer) => {
    const business = at(at(at(readEnvelope(answer), 'data'), 'profile'), 'businessProfile')
    const name = at(business, 'businessName')
    if (typeof name !== 'string' || name.trim() === '') return undefined
    const flag = (field: string): boolean | null => {
      const value = at(business, field)
      return typeof value === 'boolean' ? value : null
    }
    return {
      businessName: name.trim().slice(0, longestName),
      onboarded: flag('onboarded'),
      isLive: flag('isLive'),
    }
  })
}

function at(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null
  return isObject ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
