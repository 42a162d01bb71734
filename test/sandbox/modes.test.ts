import { expect, test } from 'vitest'
import { sandboxKeys } from '../../src/sandbox/server.ts'
import { type Customer, openOrafi } from './orafi-like.ts'

test('the keys have the form of real ones, one per mode', () => {
  expect(sandboxKeys.test).toMatch(/^ora_test_\S{23,}$/)
  expect(sandboxKeys.live).toMatch(/^ora_live_\S{23,}$/)
  expect(sandboxKeys.test.slice(-4)).not.toBe(sandboxKeys.live.slice(-4))
})

test('a request without a valid key is a 401, whatever it asks for', async () => {
  const orafi = await openOrafi()
  const bad = [
    null,
    '',
    'x',
    'ora_test_',
    `${orafi.testKey}x`,
    orafi.testKey.toUpperCase(),
    orafi.testKey.slice(0, -1),
  ]
  for (const key of bad) {
    for (const [method, path] of [
      ['GET', '/customers'],
      ['POST', '/customers/create'],
      ['GET', '/nowhere'],
    ] as const) {
      const { status, body, headers } = await orafi.ask(path, { method, key })
      expect([key, status]).toEqual([key, 401])
      expect(body).toEqual({ success: false, message: expect.any(String) })
      expect(headers.get('x-ratelimit-limit')).not.toBeNull()
    }
  }
  const bearer = await orafi.ask('/customers', {
    key: null,
    headers: { authorization: `Bearer ${orafi.testKey}` },
  })
  expect(bearer.status).toBe(401)
})

test('a key creates, sees and deletes records of its own mode only', async () => {
  const orafi = await openOrafi({ customers: 0 })
  const test = await orafi.create()
  const live = await orafi.create({}, orafi.liveKey)
  expect([test.mode, live.mode]).toEqual([['test'], ['live']])
  expect((await orafi.pages('', orafi.testKey)).flat()).toMatchObject([test])
  expect((await orafi.pages('', orafi.liveKey)).flat()).toMatchObject([live])
  expect((await orafi.ask(`/customers/${live.id}`)).status).toBe(404)
  expect((await orafi.ask(`/customers/${live.id}`, { method: 'DELETE' })).status).toBe(404)
  expect((await orafi.ask(`/customers/${live.id}`, { key: orafi.liveKey })).status).toBe(200)
  // Cursors do not reveal them either.
  expect((await orafi.ask(`/customers?cursor=${live.id}`)).status).toBe(400)
})

test('the filter by mode narrows what the key sees', async () => {
  const orafi = await openOrafi({ maxPage: 250 })
  const seen = (await orafi.pages('limit=250')).flat()
  expect(seen.every(({ mode }) => mode.includes('test'))).toBe(true)
  expect((await orafi.pages('limit=250&mode=test')).flat()).toEqual(seen)
  const both = (await orafi.pages('limit=250&mode=live')).flat()
  expect(both.length).toBeGreaterThan(5)
  expect(both).toEqual(seen.filter(({ mode }) => mode.includes('live')))
  expect((await orafi.pages('limit=250&mode=test', orafi.liveKey)).flat()).toEqual(both)
})

test('a record in both modes, deleted with one key, is deleted for the other too', async () => {
  const orafi = await openOrafi()
  const [both] = (await orafi.pages('mode=live')).flat() as [Customer]
  expect((await orafi.ask(`/customers/${both.id}`, { key: orafi.liveKey })).body.data).toEqual(both)
  expect((await orafi.ask(`/customers/${both.id}`, { method: 'DELETE' })).status).toBe(200)
  expect((await orafi.ask(`/customers/${both.id}`, { key: orafi.liveKey })).status).toBe(404)
})

test('other keys can be given, and the default ones then do not work', async () => {
  const keys = { test: 'ora_test_11111111111111111111111', live: 'ora_live_22222222222222222222222' }
  const orafi = await openOrafi({ keys })
  expect((await orafi.ask('/customers')).status).toBe(200)
  expect((await orafi.ask('/customers', { key: sandboxKeys.test })).status).toBe(401)
})
