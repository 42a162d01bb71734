import { describe, expect, test } from 'vitest'
import { pay } from '../support/shop.ts'
import { type Customer, noon, type Orafi, openOrafi, openStore } from './orafi-like.ts'

/** A transaction as docs/orafi-api.md#transactions has it: written independently of src/. */
interface Transaction {
  id: string
  type: 'PAYMENT' | 'PAYOUT' | 'REFUND'
  status: 'PENDING' | 'COMPLETED' | 'FAILED'
  amount: number
  amountInUSDC?: number
  mode: string
  token: string
  createdAt: string
  confirmedAt: string | null
  profileId: string
  customerId: string | null
  customer: Customer | null
  payment?: object
  payout?: object
  refund?: { amount: string; reason: string; originalTxId: string }
}

interface Page {
  transactions: Transaction[]
  count: number
  nextCursor: string | null
  hasNextPage: boolean
}

const cuid = /^c[0-9a-z]{24}$/

async function page(orafi: Orafi, query: string, key = orafi.testKey): Promise<Page> {
  const { status, text, body } = await orafi.ask(`/transactions?${query}`, { key })
  if (status !== 200) throw new Error(text)
  return body.data as Page
}

async function all(orafi: Orafi, query = '', key = orafi.testKey): Promise<Transaction[]> {
  const found: Transaction[] = []
  for (let cursor = ''; ; ) {
    const { transactions, hasNextPage, nextCursor } = await page(orafi, `${query}${cursor}`, key)
    found.push(...transactions)
    if (!hasNextPage) return found
    cursor = `&cursor=${nextCursor}`
  }
}

/** What is left of completed payments after completed refunds, in cents. */
function settledCents(transactions: readonly Transaction[]): number {
  const settled = transactions.filter(({ status, type }) => status === 'COMPLETED' && type !== 'PAYOUT')
  const cents = settled.map(
    ({ type, amountInUSDC = Number.NaN }) => Math.round(amountInUSDC * 100) * (type === 'REFUND' ? -1 : 1),
  )
  return cents.reduce((sum, one) => sum + one, 0)
}

describe.each(['test', 'live'] as const)('the history that a %s key sees', (mode) => {
  test("adds up to every customer's totalSpent, to the cent", async () => {
    const orafi = await openOrafi()
    const key = mode === 'test' ? orafi.testKey : orafi.liveKey
    const transactions = await all(orafi, 'limit=100', key)
    const customers = (await orafi.pages('limit=100', key)).flat()
    for (const { id, totalSpent } of customers) {
      const own = transactions.filter(({ customerId }) => customerId === id)
      expect([id, settledCents(own)]).toEqual([id, Math.round(totalSpent * 100)])
    }
    const [one] = customers.filter(({ mode: both, totalSpent }) => both.length === 2 && totalSpent > 0)
    expect(settledCents(await all(orafi, `customerId=${one?.id}`, key)) / 100).toBe(one?.totalSpent)
  })

  test('has all types and statuses, in the documented form', async () => {
    const orafi = await openOrafi()
    const transactions = await all(orafi, 'limit=100', mode === 'test' ? orafi.testKey : orafi.liveKey)
    const kinds = new Set(transactions.map(({ type, status }) => `${type} ${status}`))
    expect(kinds.size).toBe(9)
    expect(new Set(transactions.map(({ id }) => id)).size).toBe(transactions.length)
    for (const one of transactions) {
      const isSettled = one.status === 'COMPLETED'
      expect(one).toMatchObject({
        id: expect.stringMatching(cuid),
        mode,
        token: expect.any(String),
        createdAt: expect.stringMatching(/^202[56]-\d\d-\d\dT[\d:.]+Z$/),
        confirmedAt: isSettled ? expect.stringMatching(/^202[56]-\d\d-\d\dT[\d:.]+Z$/) : null,
        profileId: expect.stringMatching(cuid),
      })
      expect(one.amount).toBeGreaterThan(0)
      if (isSettled && one.type !== 'PAYOUT') expect(one.amountInUSDC).toBeGreaterThan(0)
      const details = ['payment', 'payout', 'refund'].filter((name) => name in one)
      expect(details).toEqual([one.type.toLowerCase()])
    }
  })
})

test('a payout is nobody’s, everything else names its customer, who is there and without dates', async () => {
  const orafi = await openOrafi()
  const customers = new Map((await orafi.pages('limit=100')).flat().map((one) => [one.id, one]))
  for (const { type, customerId, customer } of await all(orafi, 'limit=100')) {
    if (type === 'PAYOUT') expect([customerId, customer]).toEqual([null, null])
    else {
      const { userCustomers: _, ...undated } = customers.get(String(customerId)) ?? { id: '' }
      expect(customer).toEqual(undated)
    }
  }
})

test('a refund names a completed payment of the same customer, earlier and no smaller', async () => {
  const orafi = await openOrafi()
  const transactions = await all(orafi, 'limit=100')
  const refunds = transactions.filter(({ type }) => type === 'REFUND')
  expect(refunds.length).toBeGreaterThan(9)
  for (const { refund, customerId, createdAt, amount, amountInUSDC = 0 } of refunds) {
    expect(refund).toEqual({
      amount: amount.toFixed(2),
      reason: expect.stringMatching(/\w/),
      originalTxId: expect.stringMatching(cuid),
    })
    const original = transactions.find(({ id }) => id === refund?.originalTxId)
    expect(original).toMatchObject({ type: 'PAYMENT', status: 'COMPLETED', customerId })
    expect((original?.createdAt ?? '') <= createdAt).toBe(true)
    expect(original?.amountInUSDC).toBeGreaterThanOrEqual(amountInUSDC)
  }
})

test('who was created since has no transactions until a payment is completed', async () => {
  const orafi = await openOrafi({ customers: 0 })
  const { id } = await orafi.create()
  expect(await page(orafi, `customerId=${id}`)).toEqual({
    transactions: [],
    count: 0,
    nextCursor: null,
    hasNextPage: false,
  })
  await pay(orafi.store, id, 0.1, noon)
  await pay(orafi.store, id, 0.2, noon)
  expect(await all(orafi, `customerId=${id}`)).toMatchObject([
    {
      type: 'PAYMENT',
      status: 'COMPLETED',
      amountInUSDC: 0.3,
      customerId: id,
      customer: { totalSpent: 0.3 },
    },
  ])
})

test('a payment comes at the end of what a customer of the shop has paid before', async () => {
  const orafi = await openOrafi()
  const spender = (await orafi.pages('amountSpent=ABOVE500USDT')).flat()[0]
  const before = await all(orafi, `customerId=${spender?.id}`)
  await pay(orafi.store, spender?.id ?? '', 12.34, noon)
  const after = await all(orafi, `customerId=${spender?.id}`)
  expect(after.map(({ id }) => id).slice(0, -1)).toEqual(before.map(({ id }) => id))
  expect(after.at(-1)).toMatchObject({ amountInUSDC: 12.34, createdAt: '2026-11-24T08:00:00.250Z' })
})

test('the transactions of a customer who was deleted stay, and lose their customer', async () => {
  const orafi = await openOrafi()
  const before = await all(orafi, 'limit=100')
  const { id } = (await orafi.pages('amountSpent=ABOVE500USDT')).flat()[0] as Customer
  await orafi.ask(`/customers/${id}`, { method: 'DELETE' })
  const after = await all(orafi, 'limit=100')
  expect(after.map((one) => one.id)).toEqual(before.map((one) => one.id))
  const places = before.flatMap(({ customerId }, index) => (customerId === id ? [index] : []))
  expect(places.length).toBeGreaterThan(0)
  for (const place of places) expect(after[place]).toMatchObject({ customerId: null, customer: null })
  expect(await all(orafi, `customerId=${id}`)).toEqual([])
})

describe('pages of transactions', () => {
  test('hold 20 by default, and continue after the cursor', async () => {
    const orafi = await openOrafi({ maxPage: 500 })
    const { status, body } = await orafi.ask('/v1/transactions')
    const first = body.data as Page
    expect([status, body.success, body.message]).toEqual([200, true, 'Transactions fetched successfully'])
    expect(first).toEqual({
      transactions: first.transactions,
      count: 20,
      nextCursor: first.transactions[19]?.id,
      hasNextPage: true,
    })
    const whole = await all(orafi, 'limit=500')
    for (const limit of [1, 7, 100]) expect(await all(orafi, `limit=${limit}`)).toEqual(whole)
    expect((await page(orafi, `limit=3&cursor=${whole[10]?.id}`)).transactions).toEqual(whole.slice(11, 14))
  })

  test('hold what the filters say', async () => {
    const orafi = await openOrafi({ maxPage: 500 })
    const whole = await all(orafi, 'limit=500')
    for (const status of ['PENDING', 'COMPLETED', 'FAILED']) {
      const wanted = whole.filter((one) => one.status === status)
      expect(await all(orafi, `limit=3&status=${status}`)).toEqual(wanted)
    }
    for (const type of ['PAYMENT', 'PAYOUT', 'REFUND']) {
      const wanted = whole.filter((one) => one.type === type)
      expect(await all(orafi, `limit=30&type=${type}`)).toEqual(wanted)
    }
    const refunded = whole.find(({ type }) => type === 'REFUND')?.customerId
    const wanted = whole.filter(({ type, customerId }) => type === 'REFUND' && customerId === refunded)
    expect(await all(orafi, `limit=1&type=REFUND&customerId=${refunded}&mode=test`)).toEqual(wanted)
    expect(await all(orafi, 'mode=live')).toEqual([])
    expect(await all(orafi, `customerId=${refunded}`, orafi.liveKey)).toEqual([])
    expect(await all(orafi, 'customerId=nobody')).toEqual([])
  })

  test('are not given for a bad value', async () => {
    const orafi = await openOrafi()
    const [one] = await all(orafi, 'limit=100')
    const odd = [
      'status=completed',
      'status=',
      'type=CHARGE',
      'mode=both',
      'limit=0',
      'limit=101',
      'cursor=x',
      'cursor=cmjr4c7qq0000v8hozkzz4em5',
      'customerId=',
      'status=FAILED&status=PENDING',
    ]
    for (const query of odd) {
      const { status, body } = await orafi.ask(`/transactions?${query}`)
      expect([query, status]).toEqual([query, 400])
      expect(body).toEqual({ success: false, message: expect.stringContaining(query.replace(/=.*/, '')) })
    }
    expect((await orafi.ask(`/transactions?cursor=${one?.id}`, { key: orafi.liveKey })).status).toBe(400)
    expect((await orafi.ask('/transactions?unknown=1')).status).toBe(200)
  })

  test('of a million customers look only at those that they hold', async () => {
    const store = await openStore({ customers: 1_000_000, seed: 1 })
    const first = store.transactions({ key: 'live', limit: 100 })
    const second = store.transactions({ key: 'live', limit: 100, cursor: first?.nextCursor ?? '' })
    expect(second?.items).toHaveLength(100)
    const [one] = store.page({ key: 'live', amountSpent: 'ABOVE500USDT', limit: 1 })?.items ?? []
    const own = store.transactions({ key: 'live', customerId: one?.id, limit: 100 })
    expect(settledCents((own?.items ?? []) as unknown as Transaction[]) / 100).toBe(one?.totalSpent)
  })
})
