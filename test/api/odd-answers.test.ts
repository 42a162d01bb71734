import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCustomer, deleteCustomer, getCustomer, pages } from '../../src/api/customers.ts'
import { ApiError } from '../../src/api/errors.ts'
import { hintOf } from '../../src/hints.ts'
import {
  apiError,
  clientOf,
  melvin,
  noon,
  refusal,
  startAnswering,
  startSockets,
  success,
} from './answering.ts'

const get = 'GET /customers/cus_1'
const create = 'POST /customers/create'
const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }
const body = JSON.stringify(success(melvin))
const found = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`

/** A server that answers each request with this, as it is, and closes the connection. */
const answering = (text: string | Buffer) =>
  startSockets((socket) => void socket.once('data', () => socket.end(text)))

describe('an informational answer', () => {
  test.each([
    ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103', 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\nretry-after: 9\r\n\r\n'],
    [
      'several',
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n',
    ],
  ])('%s before the real one is passed over', async (_what, before) => {
    const server = await answering(before + found)
    const client = clientOf(server.url)
    expect(await getCustomer(client, 'cus_1')).toEqual(melvin)
    expect(await createCustomer(client, input)).toEqual(melvin)
    expect(server.sockets.length).toBe(2)
  })

  test.each([
    [
      '100 Continue',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'the server sent an unexpected answer, such as 100 Continue',
    ],
    [
      '101 Switching Protocols',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      'the server wants to switch protocols (101), which was not requested',
    ],
  ])('that was not requested is an error which says so: %s', async (_what, before, problem) => {
    const server = await answering(before + found)
    const client = clientOf(server.url, { retries: 1 })
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(error.message).toBe(`GET /customers/cus_1: ${problem} (2 attempts)`)
    // It has been sent, and what came of it is not known.
    const created = await apiError(createCustomer(client, input))
    expect(created).toMatchObject({ code: 'ambiguous', unanswered: true })
    expect(created.message).toContain(problem)
    expect(server.sockets.length).toBe(3)
  })
})

describe('an encoding', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'zstd', 'gzip;q=1'])(
    'that was not requested is an error: %s',
    async (encoding) => {
      const server = await startAnswering()
      const headers = { 'content-encoding': encoding }
      server.answers(
        [get, { headers, body }],
        [create, { headers, body }],
        [get, { status: 404, headers, body: refusal('gone') }],
      )
      const client = clientOf(server.url)
      const error = await apiError(getCustomer(client, 'cus_1'))
      expect(error.code).toBe('api_error')
      expect(error.message).toContain('an answer in an encoding that was not requested')
      expect(await apiError(createCustomer(client, input))).toMatchObject({ code: 'ambiguous' })
      // Whoever answers so may be no API at all: nothing is known of a customer.
      expect(await apiError(getCustomer(client, 'cus_1'))).toMatchObject({ code: 'api_error', status: 404 })
    },
  )

  test.each([
    ['none', '', body],
    ['white space', '  ', body],
    ['commas', ', ,', body],
    ['the same twice', 'gzip, gzip', gzipSync(gzipSync(body))],
    ['identity among others', 'identity,gzip,identity', gzipSync(body)],
  ])('may be %s', async (_what, encoding, bytes) => {
    const server = await startAnswering()
    server.answers([get, { headers: { 'content-encoding': encoding }, body: bytes }])
    expect(await getCustomer(clientOf(server.url), 'cus_1')).toEqual(melvin)
  })

  test('may stand in two headers', async () => {
    const server = await startAnswering()
    const headers = { 'content-encoding': ['gzip', 'gzip'] }
    server.answers([get, { headers, body: gzipSync(gzipSync(body)) }])
    expect(await getCustomer(clientOf(server.url), 'cus_1')).toEqual(melvin)
  })

  test.each([4, 5])('may be undone four times, not more (%i)', async (times) => {
    const server = await startAnswering()
    let bytes = Buffer.from(body)
    for (let time = 0; time < times; time++) bytes = gzipSync(bytes)
    const headers = { 'content-encoding': Array(times).fill('gzip').join(',') }
    server.answers([get, { headers, body: bytes }])
    const asked = getCustomer(clientOf(server.url), 'cus_1')
    if (times === 4) expect(await asked).toEqual(melvin)
    else expect((await apiError(asked)).message).toContain('an answer in more encodings than requested')
  })
})

describe('a wait that no clock can hold', () => {
  const date = new Date(noon).toUTCString()
  const cases: [string, Record<string, string>][] = [
    ['Retry-After in the last year there is', { date, 'retry-after': 'Sat, 13 Sep 275760 00:00:00 GMT' }],
    ['Retry-After without Date', { 'retry-after': 'Sat, 13 Sep 275760 00:00:00 GMT' }],
    ['Retry-After of twenty digits', { 'retry-after': '99999999999999999999' }],
    ['Retry-After of four hundred digits', { 'retry-after': '9'.repeat(400) }],
    ['X-RateLimit-Reset of twenty digits', { date, 'x-ratelimit-reset': '99999999999999999999' }],
    ['X-RateLimit-Reset in the last ms there is', { date, 'x-ratelimit-reset': '8640000000000000' }],
    [
      'X-RateLimit-Reset against a Date of 1970',
      { date: new Date(0).toUTCString(), 'x-ratelimit-reset': '8e15' },
    ],
    ['X-RateLimit-Reset in 1e11 seconds', { 'x-ratelimit-reset': '99999999999' }],
  ]
  test.each(cases)('is not waited for, and a time is said: %s', async (_what, headers) => {
    const server = await startAnswering()
    for (const maxWaitMs of [60_000, Number.POSITIVE_INFINITY]) {
      server.answersAll({ status: 429, headers, body: refusal('slow down') })
      const client = clientOf(server.url, { maxWaitMs, retries: 1 })
      const error = await apiError(createCustomer(client, input))
      expect(error).toMatchObject({ code: 'unavailable', unanswered: false })
      if (client.slept.length > 0) expect(headers['x-ratelimit-reset']).toBe('8e15')
      else
        expect(hintOf(error)).toMatch(
          /^try again in [\d,]+ days \(at \d{4}-\d\d-\d\d \d\d:\d\d local time\)$/,
        )
    }
  })

  test.each(['-1', '-99999999999999999999', 'Mon, 99 Foo 2026 00:00:00 GMT', 'never', '1e999', ' '])(
    'and one that is none (Retry-After: %s) leaves the wait to the back-off',
    async (retryAfter) => {
      const server = await startAnswering()
      server.answers([get, { status: 429, headers: { 'retry-after': retryAfter } }], [get, { body }])
      const client = clientOf(server.url)
      await getCustomer(client, 'cus_1')
      expect(client.slept).toEqual([250])
    },
  )

  test('is said for the next request too, where nothing is left until then', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999999999999' }
    server.answers([get, { headers, body }])
    const client = clientOf(server.url, { maxWaitMs: Number.POSITIVE_INFINITY })
    await getCustomer(client, 'cus_1')
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(hintOf(error)).toContain('try again in 1,157,408 days (at 5195-')
  })
})

describe('headers', () => {
  test('that are larger than any honest ones are an error', async () => {
    const server = await answering(`HTTP/1.1 200 OK\r\nx-filler: ${'x'.repeat(20_000)}\r\n\r\n`)
    const client = clientOf(server.url, { retries: 1 })
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error.code).toBe('unavailable')
    expect(error.message).toContain('the headers of the answer are too large (2 attempts)')
    expect(await apiError(createCustomer(client, input))).toMatchObject({ code: 'ambiguous' })
  })

  test.each(['\n', '\r\nx-admin: 1', ' ', '\u0000', 'é', '😀', '\ud800', ''])(
    'are not made of a key that they cannot hold (%j)',
    (odd) => {
      const open = () =>
        clientOf('http://127.0.0.1:1', { key: odd === '' ? '' : `ora_test_${'x'.repeat(30)}${odd}` })
      expect(open).toThrow(ApiError)
      expect(open).toThrow('the key holds a character that no request can carry')
    },
  )
})

test('a cursor goes into the path as it is, whatever it holds', async () => {
  const server = await startAnswering()
  server.answersAll({ body: success([]) })
  const client = clientOf(server.url)
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), async (cursor) => {
      await pages(client, { cursor }).next()
      const url = new URL(server.received.at(-1)?.line.split(' ')[1] ?? '', server.url)
      expect(url.searchParams.get('cursor')).toBe(cursor)
      expect(url.searchParams.get('limit')).toBe('100')
    }),
    { numRuns: 30 },
  )
  const before = server.received.length
  for (const cursor of ['\ud800', 'a\udc00b']) {
    const error = await apiError(pages(client, { cursor }).next())
    expect(error).toMatchObject({ code: 'api_error' })
    expect(error.message).toContain('cannot be sent: it holds half a character')
  }
  expect(server.received.length).toBe(before)
})

test('whatever bytes a server answers with, each request ends with a customer or an error of ours', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'HTTP/1.1 ',
      'HTTP/1.0 200 OK\r\n',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 000 Zero\r\n',
      'HTTP/1.1 199 Odd\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n',
      'HTTP/1.1 304 Not Modified\r\n',
      'HTTP/1.1 429 Slow down\r\n',
      'HTTP/1.1 599 Odd\r\n',
      'HTTP/1.1 999 Odd\r\n',
      'HTTP/2 200\r\n',
      'content-length: 5\r\n',
      'content-length: -1\r\n',
      'content-length: 99999999999999999999\r\n',
      'transfer-encoding: chunked\r\n',
      'transfer-encoding: gzip\r\n',
      'content-encoding: gzip\r\n',
      'connection: upgrade\r\n',
      'x-ratelimit-remaining: 0\r\n',
      'retry-after: 7\r\n',
      'date: now\r\n',
      ': empty\r\n',
      '\r\n',
      '0\r\n\r\n',
      '5\r\nhello\r\n',
      found,
      body,
    ),
    fc.string({ maxLength: 20 }),
  )
  let answer = Buffer.alloc(0)
  const server = await startSockets((socket) => void socket.once('data', () => socket.end(answer)))
  const codes = ['api_error', 'not_found', 'auth', 'unavailable', 'ambiguous']
  const asks = [
    (client: ReturnType<typeof clientOf>) => getCustomer(client, 'cus_1'),
    (client: ReturnType<typeof clientOf>) => deleteCustomer(client, 'cus_1'),
    (client: ReturnType<typeof clientOf>) => createCustomer(client, input),
  ]
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.constantFrom(...asks), async (pieces, ask) => {
      answer = Buffer.from(pieces.join(''), 'latin1')
      const before = server.sockets.length
      const client = clientOf(server.url, { retries: 1 })
      const error = await ask(client).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (error !== undefined) expect(error).toBeInstanceOf(ApiError)
      if (error instanceof ApiError) expect(codes).toContain(error.code)
      expect(server.sockets.length - before).toBeLessThanOrEqual(2)
      await client.close()
    }),
    { numRuns: 100 },
  )
})
