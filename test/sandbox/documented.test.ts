import { describe, expect, test } from 'vitest'
import { orafi } from '../support/orafi.ts'
import { openOrafi, openStore } from './orafi-like.ts'

// Written by hand from Orafi's own documentation: nothing here is taken from src/sandbox.
const melvin = 'cmjr4c7qq0000v8hozkzz4em5'
const mekus = {
  id: melvin,
  firstname: 'Melvin',
  lastname: 'Charles',
  email: 'mekus@orafi.app',
  mode: ['test'],
  totalSpent: 0,
}
const ada = { firstname: 'Ada', lastname: 'Obi', email: 'ada@example.com' }
const theirs = { id: expect.stringMatching(/^c[0-9a-z]{24}$/), ...ada, mode: ['test'], totalSpent: 0 }
const bases = ['', '/v1']

describe.each(bases)('the documented answers, under %j', (base) => {
  test('a list: the page in data, each record with the date of its link', async () => {
    const orafi = await openOrafi()
    const whole = (await orafi.pages('limit=100')).flat()
    const before = whole[whole.findIndex(({ id }) => id === melvin) - 1]
    const { status, body } = await orafi.ask(`${base}/customers?limit=1&cursor=${before?.id}`)
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        message: 'Customers fetched successfully',
        data: {
          customers: [{ ...mekus, userCustomers: [{ createdAt: '2025-12-29T12:12:29.615Z' }] }],
          count: 1,
          nextCursor: melvin,
          hasNextPage: true,
        },
      },
    ])
  })

  test('a get: one such record', async () => {
    const orafi = await openOrafi()
    const { status, text } = await orafi.ask(`${base}/customers/${melvin}`)
    expect(status).toBe(200)
    expect(text).toBe(
      '{"success":true,"message":"Customer fetched successfully","data":{"id":"cmjr4c7qq0000v8hozkzz4em5",' +
        '"firstname":"Melvin","lastname":"Charles","email":"mekus@orafi.app","mode":["test"],"totalSpent":0,' +
        '"userCustomers":[{"createdAt":"2025-12-29T12:12:29.615Z"}]}}',
    )
  })

  test('a create: 200, no date and no link', async () => {
    const orafi = await openOrafi({ customers: 0 })
    const { status, body } = await orafi.ask(`${base}/customers/create`, { method: 'POST', body: ada })
    expect([status, body]).toEqual([
      200,
      { success: true, message: 'Customer created successfully', data: theirs },
    ])
  })

  test('a delete, and a request for a customer that does not exist', async () => {
    const orafi = await openOrafi()
    const path = `${base}/customers/${melvin}`
    const { status, text } = await orafi.ask(path, { method: 'DELETE' })
    expect([status, text]).toEqual([
      200,
      '{"success":true,"message":"User Deleted successfully","data":null}',
    ])
    const gone = await orafi.ask(path)
    expect([gone.status, gone.text]).toEqual([404, '{"success":false,"message":"Customer not found"}'])
  })

  test('the profile: the user and the business of the key', async () => {
    const orafi = await openOrafi()
    for (const key of [orafi.testKey, orafi.liveKey]) {
      const { status, body } = await orafi.ask(`${base}/profile`, { key })
      expect(status).toBe(200)
      expect(body).toMatchObject({
        success: true,
        data: {
          profile: {
            firstname: expect.any(String),
            lastname: expect.any(String),
            email: expect.stringContaining('@'),
            businessProfile: {
              id: expect.stringMatching(/^c[0-9a-z]{24}$/),
              businessName: 'Sandbox Shop',
              businessSector: expect.any(String),
              country: expect.any(String),
              onboarded: true,
              isLive: true,
            },
          },
        },
      })
    }
    expect((await orafi.ask(`${base}/profile`, { key: null })).status).toBe(401)
  })
})

describe('the answers in the form of the object page', () => {
  test('carry both dates at the top and no link, in the page of the documented form', async () => {
    const orafi = await openOrafi({ customers: 0, answers: 'object' })
    const dated = {
      ...theirs,
      createdAt: '2026-11-24T08:00:00.250Z',
      updatedAt: '2026-11-24T08:00:00.250Z',
    }
    const created = await orafi.ask('/v1/customers/create', { method: 'POST', body: ada })
    expect([created.status, created.body.data]).toEqual([201, dated])
    const { id } = created.body.data as { id: string }
    expect((await orafi.ask(`/customers/${id}`)).body.data).toEqual(dated)
    expect(await orafi.page()).toEqual({
      customers: [dated],
      count: 1,
      nextCursor: null,
      hasNextPage: false,
    })
  })
})

/** The answer of `sandbox serve` with these flags to a get. */
async function served(flags: string): Promise<unknown> {
  let asked: Promise<unknown> | undefined
  const result = await orafi(`sandbox serve --port 0 --ephemeral --json ${flags}`, {
    onOutput({ stdout }, interrupt) {
      if (asked !== undefined || !stdout.endsWith('\n')) return
      const { url, keys } = JSON.parse(stdout)
      const answer = fetch(`${url}/customers/${melvin}`, { headers: { 'x-api-key': keys.test } })
      asked = answer.then((response) => response.json()).finally(interrupt)
    },
  })
  expect(result.code).toBe(130)
  return asked
}

test('sandbox serve answers in the given form, by default the documented one', async () => {
  const link = { userCustomers: [{ createdAt: '2025-12-29T12:12:29.615Z' }] }
  expect(await served('')).toMatchObject({ data: { ...mekus, ...link } })
  expect(await served('--answers documented')).toMatchObject({ data: { ...mekus, ...link } })
  const dates = { createdAt: '2025-12-29T12:12:29.615Z', updatedAt: '2025-12-29T12:12:29.615Z' }
  expect(await served('--answers object')).toEqual({
    success: true,
    message: expect.any(String),
    data: { ...mekus, ...dates },
  })
  expect((await orafi('sandbox serve --answers both')).code).toBe(2)
})

describe('the customer of the documentation', () => {
  test('is visible with a test key only', async () => {
    const orafi = await openOrafi()
    expect((await orafi.ask(`/customers/${melvin}`, { key: orafi.liveKey })).status).toBe(404)
    expect((await orafi.ask(`/customers?cursor=${melvin}`, { key: orafi.liveKey })).status).toBe(400)
  })

  test.each([251, 2_000, 99_999])('is in the order of creation among %i', async (customers) => {
    const store = await openStore({ customers, seed: 4 })
    const page = store.page({ key: 'test', limit: 1, cursor: melvin })?.items ?? []
    expect(store.get(melvin, 'test')?.createdAt).toBe('2025-12-29T12:12:29.615Z')
    expect((page[0]?.createdAt ?? '') > '2025-12-29T12:12:29.615Z').toBe(true)
    expect(await store.replace(melvin, 'test', () => null)).toBe(true)
    expect(store.get(melvin, 'test')).toBeUndefined()
    expect(store.page({ key: 'test', limit: 1, cursor: melvin })?.items).toEqual(page)
  })

  test.each([249, 1_000])(
    'is not in a shop of %i, which is too small or has planned his place',
    async (customers) => {
      const store = await openStore({ customers })
      expect(store.get(melvin, 'test')).toBeUndefined()
      expect(store.page({ key: 'test', limit: 1, cursor: melvin })).toBeUndefined()
    },
  )
})
