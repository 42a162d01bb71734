import { describe, expect, test } from 'vitest'
import { pay } from '../support/shop.ts'
import { type Customer, noon, openOrafi, type Page } from './orafi-like.ts'

const ids = (pages: readonly (readonly Customer[])[]): string[] => pages.flat().map(({ id }) => id)
const ranges = {
  BELOW10USDT: (spent: number) => spent < 10,
  FROM10TO30USDT: (spent: number) => spent >= 10 && spent < 30,
  FROM30TO100USDT: (spent: number) => spent >= 30 && spent < 100,
  FROM100TO200USDT: (spent: number) => spent >= 100 && spent < 200,
  FROM200TO500USDT: (spent: number) => spent >= 200 && spent <= 500,
  ABOVE500USDT: (spent: number) => spent > 500,
}

describe('a page', () => {
  test('has 20 customers by default, their number and the next cursor', async () => {
    const orafi = await openOrafi()
    const { status, body } = await orafi.ask('/customers')
    expect(status).toBe(200)
    const { customers } = body.data as Page
    expect(customers).toHaveLength(20)
    expect(body).toEqual({
      success: true,
      message: 'Customers fetched successfully',
      data: { customers, count: 20, nextCursor: customers.at(-1)?.id, hasNextPage: true },
    })
  })

  test('that is the last says so, even if it is full or empty', async () => {
    const orafi = await openOrafi({ customers: 0 })
    expect(await orafi.page()).toEqual({ customers: [], count: 0, hasNextPage: false, nextCursor: null })
    for (let n = 0; n < 4; n++) await orafi.create()
    expect(await orafi.page('limit=4')).toMatchObject({ count: 4, hasNextPage: false, nextCursor: null })
    expect((await orafi.pages('limit=2')).map((page) => page.length)).toEqual([2, 2])
  })

  test('starts with the oldest customer', async () => {
    const orafi = await openOrafi()
    const [older, newer] = [await orafi.create(), await orafi.create()]
    const listed = (await orafi.pages()).flat()
    expect(listed.slice(-2)).toMatchObject([older, newer])
    const dates = listed.map(({ userCustomers }) => userCustomers?.[0]?.createdAt)
    expect(dates).toEqual([...dates].sort())
    expect(new Set(dates).size).toBeGreaterThan(100)
  })
})

describe('following cursors', () => {
  test('returns every customer once, for any page size', async () => {
    const orafi = await openOrafi({ maxPage: 250 })
    const whole = ids(await orafi.pages('limit=250'))
    expect(new Set(whole).size).toBe(whole.length)
    for (const limit of [1, 7, 20, 100]) expect(ids(await orafi.pages(`limit=${limit}`))).toEqual(whole)
    const { customers } = await orafi.page(`limit=3&cursor=${whole[10]}`)
    expect(ids([customers])).toEqual(whole.slice(11, 14))
  })

  test('works under each filter', async () => {
    const orafi = await openOrafi({ maxPage: 250 })
    for (const query of ['amountSpent=BELOW10USDT', 'mode=live', 'mode=test&amountSpent=FROM30TO100USDT']) {
      const whole = ids(await orafi.pages(`limit=250&${query}`))
      expect(whole.length).toBeGreaterThan(9)
      expect(ids(await orafi.pages(`limit=4&${query}`))).toEqual(whole)
    }
  })

  test('continues after a customer that was deleted meanwhile', async () => {
    const orafi = await openOrafi()
    const whole = ids(await orafi.pages('limit=100'))
    const first = await orafi.page('limit=5')
    for (const id of whole.slice(3, 7)) await orafi.ask(`/customers/${id}`, { method: 'DELETE' })
    const { customers } = await orafi.page(`limit=2&cursor=${first.nextCursor}`)
    expect(ids([customers])).toEqual(whole.slice(7, 9))
  })

  test('refuses a cursor that only looks like that of a deleted customer', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const { id } = await orafi.create()
    await orafi.ask(`/customers/${id}`, { method: 'DELETE' })
    expect((await orafi.ask(`/customers?cursor=${id}`)).status).toBe(200)
    const forged = `${id.slice(0, -1)}${id.endsWith('a') ? 'b' : 'a'}`
    expect((await orafi.ask(`/customers?cursor=${forged}`)).status).toBe(400)
  })

  test('has customers created meanwhile at the end, and nobody twice', async () => {
    const orafi = await openOrafi()
    const whole = ids(await orafi.pages('limit=100'))
    const first = await orafi.page('limit=100')
    const { id } = await orafi.create()
    const rest = await orafi.page(`limit=100&cursor=${first.nextCursor}`)
    expect(ids([rest.customers])).toEqual([...whole.slice(100), id])
  })
})

describe('the filter by spending', () => {
  test.for([1, 2])('puts every customer of the shop into exactly one range (key %i)', async (which) => {
    const orafi = await openOrafi({ maxPage: 250 })
    const key = which === 1 ? orafi.testKey : orafi.liveKey
    const found: string[] = []
    for (const [range, holds] of Object.entries(ranges)) {
      const customers = (await orafi.pages(`limit=250&amountSpent=${range}`, key)).flat()
      expect(customers.length).toBeGreaterThan(0)
      for (const customer of customers)
        expect([range, customer.totalSpent, holds(customer.totalSpent)]).toEqual([
          range,
          customer.totalSpent,
          true,
        ])
      found.push(...customers.map(({ id }) => id))
    }
    expect(found.sort()).toEqual(ids(await orafi.pages('limit=250', key)).sort())
  })

  test('has the bounds that the names say', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const bounds = {
      BELOW10USDT: [0, 9.99],
      FROM10TO30USDT: [10, 29.99],
      FROM30TO100USDT: [30, 99.99],
      FROM100TO200USDT: [100, 199.99],
      FROM200TO500USDT: [200, 500],
      ABOVE500USDT: [500.01, 1e9],
    }
    for (const totalSpent of Object.values(bounds).flat()) {
      await orafi.store.create({ firstname: 'A', lastname: 'B', email: 'a@b.co', mode: ['test'], totalSpent })
    }
    for (const [range, amounts] of Object.entries(bounds)) {
      const customers = (await orafi.pages(`amountSpent=${range}`)).flat()
      expect([range, customers.map(({ totalSpent }) => totalSpent)]).toEqual([range, amounts])
    }
  })

  test('follows a customer who spends', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const { id } = await orafi.create()
    await pay(orafi.store, id, 0.1, noon)
    await pay(orafi.store, id, 0.2, noon)
    expect((await orafi.pages('amountSpent=BELOW10USDT')).flat()).toMatchObject([{ totalSpent: 0.3 }])
    await pay(orafi.store, id, 500, noon)
    expect((await orafi.pages('amountSpent=BELOW10USDT')).flat()).toEqual([])
    expect((await orafi.pages('amountSpent=ABOVE500USDT')).flat()).toMatchObject([{ id, totalSpent: 500.3 }])
    expect((await orafi.ask(`/customers/${id}`)).body.data).toMatchObject({ totalSpent: 500.3 })
  })
})
