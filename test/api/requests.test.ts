import { describe, expect, test } from 'vitest'
import { createCustomer, deleteCustomer, getCustomer } from '../../src/api/customers.ts'
import { hintOf } from '../../src/hints.ts'
import {
  apiError,
  clientOf,
  key,
  masked,
  melvin,
  refusal,
  startAnswering,
  success,
  userAgent,
} from './answering.ts'

const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }

describe('what goes on the wire', () => {
  test('a get carries the key and says who asks; nothing is known of it but its id', async () => {
    const server = await startAnswering()
    server.answers(['GET /customers/cus_1', { body: success(melvin) }])
    expect(await getCustomer(clientOf(server.url), 'cus_1')).toEqual(melvin)
    expect(server.received[0]?.headers).toMatchObject({
      'x-api-key': key,
      'user-agent': userAgent,
      accept: 'application/json',
      'accept-encoding': 'gzip, br, deflate',
    })
    expect(server.received[0]?.headers).not.toHaveProperty('content-length')
  })

  test('a create sends the three fields as JSON, and nothing else', async () => {
    const server = await startAnswering()
    server.answers(['POST /customers/create', { status: 201, body: success(melvin) }])
    const more = { ...input, id: 'mine', totalSpent: 5 }
    expect(await createCustomer(clientOf(server.url), more)).toEqual(melvin)
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual(input)
    expect(server.received[0]?.headers['content-type']).toBe('application/json')
  })

  test.each([
    ['data', { body: success(melvin) }],
    ['null', { body: success(null) }],
    ['nothing', {}],
    ['204', { status: 204 }],
  ])('a delete that is answered with %s is done', async (_what, reply) => {
    const server = await startAnswering()
    server.answers(['DELETE /customers/cus_1', reply])
    await deleteCustomer(clientOf(server.url), 'cus_1')
  })

  test('ids are encoded, so that none can name another path', async () => {
    const server = await startAnswering()
    server.answers(['DELETE /customers/..%2F..%2Fa%20b%3F%23%25%C3%A9', {}])
    await deleteCustomer(clientOf(server.url), '../../a b?#%é')
  })

  test('an id that is no id is never sent', async () => {
    const server = await startAnswering()
    for (const [id, said] of [
      ['', '"" cannot be the id of a customer'],
      ['.', '"." cannot be the id of a customer'],
      ['..', '".." cannot be the id of a customer'],
      ['a\ud800', '"a\\ud800" cannot be sent: it holds half a character'],
    ] as const) {
      expect(await apiError(deleteCustomer(clientOf(server.url), id))).toMatchObject({
        code: 'api_error',
        message: said,
        unanswered: false,
      })
    }
    expect(server.connections).toBe(0)
  })

  test('a base URL may have a path', async () => {
    const server = await startAnswering()
    server.answers(['GET /orafi/v1/customers/cus_1', { body: success(melvin) }])
    await getCustomer(clientOf(`${server.url}/orafi/v1/`), 'cus_1')
  })

  test('one request after the other needs no socket of its own', async () => {
    const server = await startAnswering()
    server.answersAll({ body: success(melvin) })
    const client = clientOf(server.url)
    for (let turn = 0; turn < 20; turn++) await getCustomer(client, 'cus_1')
    expect(server.connections).toBe(1)
  })
})

describe('a read-only profile', () => {
  test('sends no create and no delete, and says what lifts it', async () => {
    const server = await startAnswering()
    const client = clientOf(server.url, { readOnly: true })
    for (const change of [createCustomer(client, input), deleteCustomer(client, 'cus_1')]) {
      const error = await apiError(change)
      expect(error).toMatchObject({ code: 'auth', unanswered: false })
      expect(error.message).toContain('read-only')
      expect(hintOf(error)).toContain('--read-write')
    }
    expect(server.connections).toBe(0)
  })

  test('reads', async () => {
    const server = await startAnswering()
    server.answers(['GET /customers/cus_1', { body: success(melvin) }])
    await getCustomer(clientOf(server.url, { readOnly: true }), 'cus_1')
  })
})

describe('what the API refuses', () => {
  test.each([
    [400, 'api_error'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not_found'],
    [409, 'api_error'],
    [418, 'api_error'],
  ])('with %i is asked once, and is %s', async (status, code) => {
    const server = await startAnswering()
    server.answers(['GET /customers/cus_1', { status, body: refusal('not like this') }])
    const client = clientOf(server.url)
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error).toMatchObject({ code, status, unanswered: false })
    expect(error.message).toMatch(
      new RegExp(`^GET /customers/cus_1: .*the API answered ${status}: not like this$`),
    )
    expect(client.slept).toEqual([])
  })

  test.each([
    [400, 'api_error'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'api_error'],
    [409, 'api_error'],
  ])('as a create with %i was not created: %s', async (status, code) => {
    const server = await startAnswering()
    server.answers(['POST /customers/create', { status, body: refusal('no') }])
    const error = await apiError(createCustomer(clientOf(server.url), input))
    expect(error).toMatchObject({ code, status, unanswered: false })
  })

  test.each([301, 302, 307, 308])('to answer itself (%i) is not followed', async (status) => {
    const server = await startAnswering()
    const elsewhere = await startAnswering()
    const moved = { status, headers: { location: `${elsewhere.url}/customers/cus_1` } }
    server.answers(
      ['GET /customers/cus_1', moved],
      ['POST /customers/create', moved],
      ['DELETE /customers/cus_1', moved],
    )
    const client = clientOf(server.url)
    expect(await apiError(getCustomer(client, 'cus_1'))).toMatchObject({ code: 'api_error', status })
    expect(await apiError(createCustomer(client, input))).toMatchObject({ code: 'ambiguous', status })
    expect(await apiError(deleteCustomer(client, 'cus_1'))).toMatchObject({
      code: 'api_error',
      unanswered: true,
    })
    expect(elsewhere.connections).toBe(0)
  })

  test('with several messages gives them all', async () => {
    const server = await startAnswering()
    server.answers([
      'GET /customers/x',
      { status: 400, body: { success: false, message: ['email is bad', 'name is bad'] } },
    ])
    expect((await apiError(getCustomer(clientOf(server.url), 'x'))).message).toContain(
      'email is bad; name is bad',
    )
  })

  test('cannot move the cursor or turn the reading direction of the terminal', async () => {
    const server = await startAnswering()
    server.answers([
      'GET /customers/x',
      { status: 400, body: refusal('\u001b[2J\u0007\u202eabc\r\nerror: fine') },
    ])
    const { message } = await apiError(getCustomer(clientOf(server.url), 'x'))
    expect(message).toContain('\\x1b[2J\\x07\\u202eabc\\x0d\\x0aerror: fine')
    expect(message).not.toMatch(/[\u0000-\u001f\u202e]/)
  })

  test('never shows the key, even when the server quotes it', async () => {
    const server = await startAnswering()
    const said = `the key ${key} is not known`
    server.answers(
      ['GET /customers/x', { status: 401, body: refusal(said) }],
      ['GET /customers/x', { status: 200, body: said }],
      [
        'GET /customers/x',
        { status: 502, headers: { 'content-type': 'text/html' }, body: `<h1>${said}</h1>` },
      ],
    )
    const client = clientOf(server.url, { retries: 0 })
    for (let turn = 0; turn < 3; turn++) {
      const error = await apiError(getCustomer(client, 'x'))
      expect(error.message).toContain(`the key ${masked} is not known`)
      expect(`${error.stack}${hintOf(error)}${JSON.stringify(error)}`).not.toContain(key)
    }
  })
})

describe('what a get finds', () => {
  test('with another id than requested is an error', async () => {
    const server = await startAnswering()
    server.answers(['GET /customers/cus_2', { body: success(melvin) }])
    const error = await apiError(getCustomer(clientOf(server.url), 'cus_2'))
    expect(error.code).toBe('api_error')
    expect(error.message).toContain('customer cus_1, which was not requested')
  })

  test.each([
    ['204', { status: 204 }],
    ['an empty body', {}],
    ['garbage', { body: '{"success":tru' }],
    ['a page in HTML', { headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' }],
    [
      'bytes that are no UTF-8',
      { body: Buffer.from('{"success":true,"data":{"id":"cus_1\xff"}}', 'latin1') },
    ],
  ])('to be %s is an error, asked for once', async (_what, reply) => {
    const server = await startAnswering()
    server.answers(['GET /customers/cus_1', reply])
    expect((await apiError(getCustomer(clientOf(server.url), 'cus_1'))).code).toBe('api_error')
  })
})

test('events tell what happens, for those who watch', async () => {
  const server = await startAnswering()
  server.answers(
    ['GET /customers/cus_1', { status: 503 }],
    ['GET /customers/cus_1', { body: success(melvin) }],
  )
  const client = clientOf(server.url)
  await getCustomer(client, 'cus_1')
  const about = { method: 'GET', path: '/customers/cus_1', what: 'getting cus_1', attempts: 4 }
  expect(client.events).toEqual([
    { type: 'request', ...about, attempt: 1 },
    { type: 'answer', ...about, attempt: 1, status: 503, ms: 0 },
    { type: 'retry', ...about, attempt: 1, delayMs: 250, reason: 'the API answered 503' },
    { type: 'request', ...about, attempt: 2 },
    { type: 'answer', ...about, attempt: 2, status: 200, ms: 0 },
  ])
})
