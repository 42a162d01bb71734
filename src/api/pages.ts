import type { Client } from './client.ts'
import type { Mode, SpentRange } from './customer.ts'
import { type Page, readPage } from './envelope.ts'
import { ApiError } from './errors.ts'
import { unexpected } from './failures.ts'

/** The filters of `GET /customers`, and where to begin (docs/orafi-api.md#list-filters). */
export interface ListQuery {
  readonly amountSpent?: SpentRange | undefined
  readonly mode?: Mode | undefined
  readonly cursor?: string | undefined
}

export interface PagesOptions {
  /** How many customers are wanted in all; every one by default. */
  readonly limit?: number | undefined
  /** The most that is asked for at a time, default 100. */
  readonly pageSize?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What an API gives that knows nothing of `limit`; asked for when it refuses more (docs/contract.md#listing). */
const smallPage = 20

/**
 * The pages of the list, one after the other, until the end or until `limit`
 * customers came. The next page is asked for while the current one is used;
 * leaving the iteration aborts it. A page may hold more than was asked for, if
 * the API does not honour `limit`: it is given whole.
 *
 * @throws ApiError for the page that failed: its cursor is the `nextCursor` of
 * the page before; the reason of the signal, untouched, when it is aborted
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
    return client.request({ method: 'GET', path: ['customers'], query, signal: either }, (answer) => {
      if (cursor !== undefined) seen.add(cursor)
      const page = readPage(answer, size)
      // The server would lead us in a circle, and the same customers come again and again.
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
      // The largest page that the API gives is not documented.
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
        // Its failure is met when it is awaited, which may be never.
        ahead.catch(() => undefined)
        // Otherwise it would wait until this page is used, however long that takes.
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
