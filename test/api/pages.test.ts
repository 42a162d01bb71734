import { describe, expect, test } from 'vitest'
import { pages } from '../../src/api/customers.ts'
import type { Page } from '../../src/api/envelope.ts'
import { ApiError } from '../../src/api/errors.ts'
import { hintOf } from '../../src/hints.ts'
import {
  apiError,
  clientOf,
  type Reply,
  refusal,
  silence,
  startAnswering,
  success,
  until,
} from './answering.ts'

/** Customers `from` to `to`, and where the next page begins. */
function pageOf(from: number, to: number, nextCursor: string | null): Reply {
  const customers = Array.from({ length: to - from + 1 }, (_, index) => ({ id: `cus_${from + index}` }))
  return { body: success(customers, { nextCursor, hasNextPage: nextCursor !== null }) }
}

async function collect(iterable: AsyncIterable<Page>): Promise<string[]> {
  const ids: string[] = []
  for await (const page of iterable) ids.push(...page.customers.map(({ id }) => id))
  return ids
}

const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `cus_${from + index}`)

describe('the list', () => {
  test('is followed to its end, with its filters on every page', async () => {
    const server = await startAnswering()
    const filters = 'amountSpent=ABOVE500USDT&mode=live&limit=100'
    server.answers(
      [`GET /customers?${filters}`, pageOf(1, 3, 'a b+c')],
      [`GET /customers?${filters}&cursor=a%20b%2Bc`, pageOf(4, 6, 'd')],
      [`GET /customers?${filters}&cursor=d`, pageOf(7, 7, null)],
    )
    const query = { amountSpent: 'ABOVE500USDT', mode: 'live' } as const
    expect(await collect(pages(clientOf(server.url), query))).toEqual(ids(1, 7))
  })

  test('begins at a cursor', async () => {
    const server = await startAnswering()
    server.answers(['GET /customers?limit=100&cursor=c', pageOf(1, 1, null)])
    expect(await collect(pages(clientOf(server.url), { cursor: 'c' }))).toEqual(['cus_1'])
  })

  test('asks for no more than are wanted, the last request only for the rest', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=5', pageOf(1, 3, 'a')],
      ['GET /customers?limit=2&cursor=a', pageOf(4, 5, 'b')],
    )
    const seen: Page[] = []
    for await (const page of pages(clientOf(server.url), {}, { limit: 5 })) seen.push(page)
    expect(seen.map(({ customers }) => customers.length)).toEqual([3, 2])
    expect(seen.at(-1)).toMatchObject({ hasNextPage: true, nextCursor: 'b' })
  })

  test('asks for nothing when nothing is wanted', async () => {
    const server = await startAnswering()
    expect(await collect(pages(clientOf(server.url), {}, { limit: 0 }))).toEqual([])
  })

  test('asks for pages of the size that was given', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=2', pageOf(1, 2, 'a')],
      ['GET /customers?limit=2&cursor=a', pageOf(3, 3, null)],
    )
    expect(await collect(pages(clientOf(server.url), {}, { pageSize: 2 }))).toEqual(ids(1, 3))
  })

  test('continues past an empty page that says there are more', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=100', pageOf(1, 0, 'a')],
      ['GET /customers?limit=100&cursor=a', pageOf(1, 1, null)],
    )
    expect(await collect(pages(clientOf(server.url), {}))).toEqual(['cus_1'])
  })
})

describe('the next page', () => {
  test('is asked for while the current one is used', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=100', pageOf(1, 1, 'a')],
      ['GET /customers?limit=100&cursor=a', pageOf(2, 2, null)],
    )
    for await (const { nextCursor } of pages(clientOf(server.url), {})) {
      if (nextCursor !== null) await until(() => server.received.length === 2)
    }
  })

  test('is not asked for when enough came', async () => {
    const server = await startAnswering()
    server.answers(['GET /customers?limit=2', pageOf(1, 2, 'a')])
    for await (const _page of pages(clientOf(server.url), {}, { limit: 2 }))
      await new Promise((resolve) => setTimeout(resolve, 5))
  })

  test('is left alone when the list is left early', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=100', pageOf(1, 1, 'a')],
      ['GET /customers?limit=100&cursor=a', silence],
    )
    for await (const _page of pages(clientOf(server.url), {})) {
      await until(() => server.received.length === 2)
      break
    }
    await until(() => server.closed >= 1)
  })

  test('that fails is met after the current one was used', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=100', pageOf(1, 2, 'a')],
      ['GET /customers?limit=100&cursor=a', { status: 500 }],
    )
    const used: string[] = []
    const list = async () => {
      for await (const page of pages(clientOf(server.url, { retries: 0 }), {})) {
        await until(() => server.received.length === 2)
        await new Promise((resolve) => setTimeout(resolve, 5))
        used.push(...page.customers.map(({ id }) => id))
      }
    }
    expect(await apiError(list())).toMatchObject({ code: 'unavailable', status: 500 })
    expect(used).toEqual(ids(1, 2))
  })

  test('ends with an interruption, and its reason', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=100', pageOf(1, 1, 'a')],
      ['GET /customers?limit=100&cursor=a', silence],
    )
    const interruption = new AbortController()
    const list = collect(pages(clientOf(server.url), {}, { signal: interruption.signal }))
    await until(() => server.received.length === 2)
    interruption.abort('enough')
    await expect(list).rejects.toBe('enough')
  })
})

describe('a first page that the API refuses with 400', () => {
  test('is asked for again with 20, and so are the others', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=50', { status: 400, body: refusal('limit must not be greater than 20') }],
      ['GET /customers?limit=20', pageOf(1, 20, 'a')],
      ['GET /customers?limit=20&cursor=a', pageOf(21, 40, 'b')],
      ['GET /customers?limit=10&cursor=b', pageOf(41, 50, 'c')],
    )
    expect(await collect(pages(clientOf(server.url), {}, { limit: 50 }))).toEqual(ids(1, 50))
  })

  test('is refused when no more than 20 were asked for, or the second time', async () => {
    const server = await startAnswering()
    const bad = { status: 400, body: refusal('bad cursor') }
    server.answers(
      ['GET /customers?limit=20&cursor=x', bad],
      ['GET /customers?limit=100&cursor=x', bad],
      ['GET /customers?limit=20&cursor=x', bad],
    )
    const client = clientOf(server.url)
    expect((await apiError(collect(pages(client, { cursor: 'x' }, { limit: 20 })))).message).toContain(
      'bad cursor',
    )
    expect(await apiError(collect(pages(client, { cursor: 'x' })))).toMatchObject({
      code: 'api_error',
      status: 400,
    })
  })

  test('only the first one is: a later 400 is an error', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers?limit=100', pageOf(1, 1, 'a')],
      ['GET /customers?limit=100&cursor=a', { status: 400 }],
    )
    expect((await apiError(collect(pages(clientOf(server.url), {})))).status).toBe(400)
  })
})

describe('a cursor that repeats is an error, and nothing is asked for again,', () => {
  test.each([
    ['of the page itself', ['a', 'a']],
    ['of a page before', ['a', 'b', 'a']],
    ['that the list began at', ['a', 'start']],
  ])('%s', async (_what, cursors) => {
    const server = await startAnswering()
    for (const [index, cursor] of cursors.entries()) {
      server.answers([
        `GET /customers?limit=100&cursor=${cursors[index - 1] ?? 'start'}`,
        pageOf(index, index, cursor),
      ])
    }
    const error = await apiError(collect(pages(clientOf(server.url), { cursor: 'start' })))
    expect(error).toBeInstanceOf(ApiError)
    expect(error.message).toContain('a cursor that repeats')
  })
})

test('a 404 of the list means a wrong address, not that no customer was found', async () => {
  const server = await startAnswering()
  server.answers([
    'GET /customers?limit=100',
    { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' },
  ])
  const error = await apiError(collect(pages(clientOf(server.url), {})))
  expect(error.code).toBe('api_error')
  expect(hintOf(error)).toContain('ORAFI_BASE_URL')
})
