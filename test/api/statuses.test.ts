import { describe, expect, test } from 'vitest'
import { createCustomer, getCustomer } from '../../src/api/customers.ts'
import { hintOf } from '../../src/hints.ts'
import { apiError, clientOf, melvin, refusal, startAnswering, success } from './answering.ts'

const get = 'GET /customers/cus_1'
const create = 'POST /customers/create'
const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }

test.each<[status: number, code: string, hint: string | undefined]>([
  [300, 'api_error', 'redirects are not followed: check ORAFI_BASE_URL'],
  [399, 'api_error', 'redirects are not followed: check ORAFI_BASE_URL'],
  [400, 'api_error', undefined],
  [401, 'auth', 'the API does not accept this key; `orafi whoami` shows which one was sent'],
  [403, 'auth', 'the key is not allowed to do this: live mode needs a verified business'],
  [404, 'api_error', 'the API is not at this URL: check ORAFI_BASE_URL'],
  [428, 'api_error', undefined],
  [429, 'unavailable', 'try again later'],
  [430, 'api_error', undefined],
  [499, 'api_error', undefined],
  [500, 'unavailable', 'try again later'],
  [599, 'unavailable', 'try again later'],
])('%i without a word of the API is %s, and its hint is: %s', async (status, code, hint) => {
  const server = await startAnswering()
  server.answers([get, { status, body: '' }])
  const error = await apiError(getCustomer(clientOf(server.url, { retries: 0 }), 'cus_1'))
  expect(error).toMatchObject({ code, status })
  expect(hintOf(error)).toBe(hint)
  expect(error.message).toBe(`GET /customers/cus_1: the API answered ${status}`)
})

describe('an answer whose envelope reports success', () => {
  test.each([400, 401, 404, 428, 430, 499])('with status %i contradicts itself', async (status) => {
    const server = await startAnswering()
    server.answers([get, { status, body: success(melvin) }], [create, { status, body: success(melvin) }])
    const client = clientOf(server.url)
    const error = await apiError(getCustomer(client, 'cus_1'))
    expect(error).toMatchObject({ code: 'api_error', status })
    expect(error.message).toContain(`status ${status} with an envelope that reports success`)
    expect(await apiError(createCustomer(client, input))).toMatchObject({ code: 'ambiguous', status })
  })

  test.each([429, 500, 502])('with status %i is retried', async (status) => {
    const server = await startAnswering()
    server.answers([get, { status, body: success(melvin) }], [get, { body: success(melvin) }])
    expect(await getCustomer(clientOf(server.url), 'cus_1')).toEqual(melvin)
  })

  test('with 429 leaves open whether a customer was created, and is not sent again', async () => {
    const server = await startAnswering()
    server.answers([create, { status: 429, body: success(melvin) }])
    expect(await apiError(createCustomer(clientOf(server.url), input))).toMatchObject({
      code: 'ambiguous',
      status: 429,
    })
  })

  test.each([300, 302, 399])('with status %i is not a success', async (status) => {
    const server = await startAnswering()
    server.answers([get, { status, body: success(melvin) }])
    expect(await apiError(getCustomer(clientOf(server.url), 'cus_1'))).toMatchObject({
      code: 'api_error',
      status,
    })
  })

  test.each(['true', 1, [], {}])('in one spelling, with %j in the other, cannot be read', async (odd) => {
    const server = await startAnswering()
    server.answers([get, { body: { success: odd, status: 'Success', data: melvin } }])
    expect((await apiError(getCustomer(clientOf(server.url), 'cus_1'))).message).toContain('success: ')
  })
})

test.each<[message: unknown, shown: string]>([
  ['one', 'one'],
  [['one', 'two'], 'one; two'],
  [['one', 2], '{"success":false,"message":["one",2]}'],
  [{ text: 'one' }, '{"success":false,"message":{"text":"one"}}'],
])('what the API says is shown: %j', async (message, shown) => {
  const server = await startAnswering()
  server.answers([get, { status: 400, body: { ...refusal(''), message } }])
  const error = await apiError(getCustomer(clientOf(server.url), 'cus_1'))
  expect(error.message).toBe(`GET /customers/cus_1: the API answered 400: ${shown}`)
})

test('a timeout of a millisecond applies to connecting too', async () => {
  const server = await startAnswering()
  server.answers([get, { body: success(melvin) }])
  const client = clientOf(server.url, { timeoutMs: 1 })
  await getCustomer(client, 'cus_1')
  expect(new Set(client.limits)).toEqual(new Set([1]))
})
