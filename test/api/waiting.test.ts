import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCustomer, deleteCustomer, getCustomer } from '../../src/api/customers.ts'
import { hintOf } from '../../src/hints.ts'
import {
  apiError,
  clientOf,
  cut,
  melvin,
  noon,
  refusal,
  startAnswering,
  success,
  until,
} from './answering.ts'

const get = 'GET /customers/cus_1'
const create = 'POST /customers/create'
const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }
const date = new Date(noon).toUTCString()
const ok = (headers = {}) => ({ headers, body: success(melvin) })
const tooMany = (headers = {}) => ({ status: 429, headers, body: refusal('slow down') })

describe('a request that is answered with 429', () => {
  test.each([
    ['Retry-After in seconds', { 'retry-after': '7' }],
    ['Retry-After as a date', { date, 'retry-after': new Date(noon + 7000).toUTCString() }],
    ['X-RateLimit-Reset in seconds from now', { 'x-ratelimit-reset': '7' }],
    ['X-RateLimit-Reset as an epoch', { date, 'x-ratelimit-reset': String(noon / 1000 + 7) }],
    ['X-RateLimit-Reset as an epoch in milliseconds', { date, 'x-ratelimit-reset': String(noon + 7000) }],
    [
      'a clock of its own',
      { date: new Date(noon - 9e6).toUTCString(), 'x-ratelimit-reset': String((noon - 9e6) / 1000 + 7) },
    ],
    ['both, of which Retry-After is meant for it', { 'retry-after': '7', 'x-ratelimit-reset': '3' }],
  ])('and %s waits exactly so long; a create too', async (_what, headers) => {
    const server = await startAnswering()
    server.answers([get, tooMany(headers)], [get, ok()], [create, tooMany(headers)], [create, ok()])
    for (const ask of [getCustomer, (client: ReturnType<typeof clientOf>) => createCustomer(client, input)]) {
      const client = clientOf(server.url)
      expect(await ask(client, 'cus_1')).toEqual(melvin)
      expect(client.slept).toEqual([7000])
    }
  })

  test('and no word on when backs off by itself', async () => {
    const server = await startAnswering()
    server.answers([create, tooMany()], [create, tooMany({ 'retry-after': '0' })], [create, ok()])
    const client = clientOf(server.url)
    await createCustomer(client, input)
    expect(client.slept).toEqual([250, 500])
  })

  test('every time ends as unavailable, saying when to try again; nothing was carried out', async () => {
    const server = await startAnswering()
    const reply = tooMany({ 'retry-after': '7' })
    server.answers([create, reply], [create, reply])
    const client = clientOf(server.url, { retries: 1 })
    const error = await apiError(createCustomer(client, input))
    expect(error).toMatchObject({
      code: 'unavailable',
      status: 429,
      unanswered: false,
      retryAt: noon + 14_000,
    })
    expect(error.message).toContain('the API answered 429: slow down (2 attempts)')
    expect(hintOf(error)).toBe('try again in 7 s')
  })

  test('and a wait that is longer than allowed is not waited for', async () => {
    const server = await startAnswering()
    server.answers([get, tooMany({ 'retry-after': '61' })])
    const client = clientOf(server.url)
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error).toMatchObject({ code: 'unavailable', retryAt: noon + 61_000 })
    expect(hintOf(error)).toBe('try again in 61 s')
    expect(client.slept).toEqual([])
    // The next request knows, and is not sent.
    expect(await apiError(deleteCustomer(client, 'cus_1'))).toMatchObject({
      code: 'unavailable',
      unanswered: false,
      retryAt: noon + 61_000,
    })
  })

  test.each([429, 503])(
    '%i and a wait that is as long as allowed is waited for, not a ms more',
    async (status) => {
      const server = await startAnswering()
      const reply = { status, headers: { 'retry-after': '7' }, body: refusal('slow down') }
      server.answers([get, reply], [get, ok()])
      await getCustomer(clientOf(server.url, { maxWaitMs: 7000 }), 'cus_1')
      server.answers([get, reply])
      const client = clientOf(server.url, { maxWaitMs: 6999 })
      const error = await apiError(getCustomer(client, 'cus_1'))
      // What the server said is told, not that nothing was sent.
      expect(error).toMatchObject({ code: 'unavailable', status, retryAt: noon + 7000 })
      expect(error.message).toBe(`GET /customers/cus_1: the API answered ${status}: slow down`)
      expect(hintOf(error)).toBe('try again in 7 s')
      expect(client.slept).toEqual([])
    },
  )

  test('waits however long where nothing is said of how long it may', async () => {
    const server = await startAnswering()
    server.answers([get, tooMany({ 'retry-after': '86400' })], [get, ok()])
    const client = clientOf(server.url, { maxWaitMs: Number.POSITIVE_INFINITY })
    await getCustomer(client, 'cus_1')
    expect(client.slept).toEqual([86_400_000])
  })

  test('waits no longer than a timer can, which is 24 days: after that it would ring at once', async () => {
    const server = await startAnswering()
    const longest = Math.floor((2 ** 31 - 1) / 1000)
    const client = clientOf(server.url, { maxWaitMs: Number.POSITIVE_INFINITY, retries: 1 })
    server.answers([get, tooMany({ 'retry-after': String(longest) })], [get, ok()])
    await getCustomer(client, 'cus_1')
    expect(client.slept).toEqual([longest * 1000])
    server.answers([get, tooMany({ 'retry-after': String(longest + 1) })])
    expect((await apiError(getCustomer(client, 'cus_1'))).message).toContain('the API answered 429')
    expect(client.slept).toEqual([longest * 1000])
  })

  test('tells that it is tried again, and then that it waits for the rate limit', async () => {
    const server = await startAnswering()
    server.answers([get, tooMany({ 'retry-after': '7' })], [get, ok()])
    const client = clientOf(server.url)
    await getCustomer(client, 'cus_1')
    expect(client.events.map(({ type, reason }) => [type, reason])).toEqual([
      ['request', undefined],
      ['answer', undefined],
      ['retry', 'rate limited'],
      ['wait', 'rate limit'],
      ['request', undefined],
      ['answer', undefined],
    ])
  })

  test('makes the others wait as well, so that they need not be told', async () => {
    const server = await startAnswering()
    server.answers([get, tooMany({ 'retry-after': '7' })])
    const sleepers: (() => void)[] = []
    const client = clientOf(server.url, { sleep: () => new Promise((resolve) => sleepers.push(resolve)) })
    const first = getCustomer(client, 'cus_1')
    await until(() => sleepers.length === 1)
    const others = [getCustomer(client, 'cus_1'), getCustomer(client, 'cus_1')]
    await until(() => sleepers.length === 3)
    expect(server.received.length).toBe(1)
    server.answers([get, ok()], [get, ok()], [get, ok()])
    for (const wake of sleepers) wake()
    expect(await Promise.all([first, ...others])).toEqual([melvin, melvin, melvin])
  })
})

test('503 with Retry-After waits so long, and nobody else does', async () => {
  const server = await startAnswering()
  server.answers(
    [get, { status: 503, headers: { 'retry-after': '5', 'x-ratelimit-reset': '50' } }],
    [get, ok()],
    [get, { status: 503, headers: { 'x-ratelimit-reset': '50' } }],
    [get, ok()],
  )
  const client = clientOf(server.url)
  await getCustomer(client, 'cus_1')
  await getCustomer(client, 'cus_1')
  expect(client.slept).toEqual([5000, 250])
})

describe('when nothing remains of the rate limit', () => {
  const last = {
    date,
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(noon / 1000 + 9),
  }

  test('the next request waits for the reset, instead of running into a 429', async () => {
    const server = await startAnswering()
    server.answers([get, ok(last)], [create, ok()])
    const client = clientOf(server.url)
    await getCustomer(client, 'cus_1')
    expect(client.rateLimit()).toEqual({ limit: 100, remaining: 0, resetAt: noon + 9000 })
    await createCustomer(client, input)
    expect(client.slept).toEqual([9000])
    expect(client.events.filter(({ type }) => type === 'wait')).toEqual([
      {
        type: 'wait',
        method: 'POST',
        path: '/customers/create',
        what: 'creating ada@orafi.app',
        attempt: 1,
        attempts: 4,
        delayMs: 9000,
        reason: 'rate limit',
      },
    ])
  })

  test('and the reset is further away than may be waited, it is not sent, and says when', async () => {
    const server = await startAnswering()
    server.answers([get, ok(last)])
    const client = clientOf(server.url, { maxWaitMs: 8999 })
    await getCustomer(client, 'cus_1')
    const error = await apiError(createCustomer(client, input))
    expect(error).toMatchObject({ code: 'unavailable', unanswered: false, retryAt: noon + 9000 })
    expect(hintOf(error)).toContain('try again in 9 s')
    expect(hintOf(error)).toContain('--max-wait')
  })

  test('but one, and one that does not reach the API, that one is not used up', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '60' }
    server.answers([get, ok(headers)])
    const client = clientOf(server.url, { retries: 0 })
    await getCustomer(client, 'cus_1')
    await server.close()
    for (let turn = 0; turn < 3; turn++) {
      expect((await apiError(createCustomer(client, input))).message).toContain('connection refused')
    }
    expect(client.slept).toEqual([])
  })

  test('but one, and the answer to that is lost, it is used up', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '61' }
    server.answers([get, ok(headers)], [create, cut])
    const client = clientOf(server.url, { retries: 0 })
    await getCustomer(client, 'cus_1')
    expect((await apiError(createCustomer(client, input))).code).toBe('ambiguous')
    expect((await apiError(createCustomer(client, input))).message).toContain('the rate limit is exhausted')
  })

  test('and nobody says until when, it is sent', async () => {
    const server = await startAnswering()
    server.answers([get, ok({ 'x-ratelimit-remaining': '0' })], [get, ok()])
    const client = clientOf(server.url)
    await getCustomer(client, 'cus_1')
    await getCustomer(client, 'cus_1')
    expect(client.slept).toEqual([])
  })
})

test('no wait is longer than the server asked for, however the clock is set meanwhile', async () => {
  const server = await startAnswering()
  const anyJump = fc.oneof(
    fc.constant(0),
    fc.integer({ min: -1e9, max: 1e9 }),
    fc.constantFrom(-86_400_000, 86_400_000),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(anyJump, { minLength: 1, maxLength: 12 }), async (jumps) => {
      let time = noon
      let read = 0
      const slept: number[] = []
      const client = clientOf(server.url, {
        retries: 3,
        maxWaitMs: Number.POSITIVE_INFINITY,
        // Each look at the clock may be after somebody set it.
        now: () => {
          time += jumps[read++ % jumps.length] ?? 0
          return time
        },
        sleep: async (ms) => {
          slept.push(ms)
          time += ms
        },
      })
      let asked = 0
      const limits = { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }
      server.answersAll((response) => {
        asked += 1
        const reply = asked % 2 === 0 ? { ...limits, status: 200 } : { 'retry-after': '7', status: 429 }
        const { status, ...headers } = reply
        response.writeHead(status, headers).end(JSON.stringify(success(melvin)))
      })
      for (let turn = 0; turn < 3; turn++) await getCustomer(client, 'cus_1')
      expect(Math.max(...slept)).toBeLessThanOrEqual(9000)
      expect(slept.length).toBeLessThanOrEqual(12)
      await client.close()
    }),
    { numRuns: 100 },
  )
})

test('many at once never send more than remains, and all are done in the end', async () => {
  const server = await startAnswering()
  const limit = 5
  let window = 0
  let used = 0
  let refused = 0
  const client = clientOf(server.url, { connections: 16 })
  server.answersAll((response) => {
    const start = Math.floor(client.now() / 10_000)
    if (start !== window) used = 0
    window = start
    used++
    if (used > limit) refused++
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': String(Math.ceil(((start + 1) * 10_000 - client.now()) / 1000)),
    }
    setImmediate(() =>
      response.writeHead(used > limit ? 429 : 200, headers).end(JSON.stringify(success(melvin))),
    )
  })
  await getCustomer(client, 'cus_1')
  await Promise.all(Array.from({ length: 40 }, () => getCustomer(client, 'cus_1')))
  expect(refused).toBe(0)
  expect(server.received.length).toBe(41)
})
