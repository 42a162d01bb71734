import { describe, expect, test } from 'vitest'
import { claimIn } from '../../src/api/call.ts'
import { createCustomer, deleteCustomer, getBusiness, getCustomer } from '../../src/api/customers.ts'
import { hintOf } from '../../src/hints.ts'
import { apiError, clientOf, melvin, refusal, startAnswering, success } from './answering.ts'

const input = { firstname: 'Ada', lastname: 'Obi', email: 'ada@orafi.app' }

describe('what an envelope claims', () => {
  test.each([
    ['{"success":true}', 'success'],
    ['{"success":false}', 'error'],
    ['{"status":"Success"}', 'success'],
    ['{"status":"ERROR"}', 'error'],
    ['{"success":null,"status":"error"}', 'error'],
    ['{"success":true,"status":"success"}', 'success'],
    ['{"success":true,"status":"active"}', 'success'],
    ['{"success":true,"status":"error"}', 'contradiction'],
    ['{"success":false,"status":"success"}', 'contradiction'],
    ['{"success":"true","status":"success"}', undefined],
    ['{"success":1}', undefined],
    ['{"status":"successful"}', undefined],
    ['{"status":["success"]}', undefined],
    ['{}', undefined],
    ['null', undefined],
    ['"success"', undefined],
    ['<html>', undefined],
    ['', undefined],
  ])('%s is %s', (body, claim) => {
    expect(claimIn(body)).toBe(claim)
  })
})

describe('a status and an envelope that contradict each other', () => {
  test.each([
    [299, undefined],
    [399, 'unavailable'],
    [400, 'api_error'],
    [499, 'api_error'],
    [500, 'unavailable'],
  ])('with %d and success a get is %s', async (status, code) => {
    const server = await startAnswering()
    server.answers(['GET /customers/cus_1', { status, body: success(melvin) }])
    const asked = getCustomer(clientOf(server.url, { retries: 0 }), 'cus_1')
    if (code === undefined) return expect(await asked).toEqual(melvin)
    const error = await apiError(asked)
    expect(error.message.includes('an envelope that reports success')).toBe(status >= 400 && status < 500)
    if (status !== 399) expect(error.code).toBe(code)
  })

  test('a 429 is waited for by a get, and final for a create', async () => {
    const server = await startAnswering()
    const busy = { status: 429, headers: { 'retry-after': '1' }, body: success(melvin) }
    server.answers(
      ['GET /customers/cus_1', busy],
      ['GET /customers/cus_1', { body: success(melvin) }],
      ['POST /customers/create', busy],
    )
    const client = clientOf(server.url)
    expect(await getCustomer(client, 'cus_1')).toEqual(melvin)
    expect((await apiError(createCustomer(client, input))).code).toBe('ambiguous')
  })
})

describe('a customer that is missing', () => {
  const elsewhere = 'try the other one'

  test('is missing where the list is there', async () => {
    const server = await startAnswering()
    server.answers(
      ['DELETE /customers/cus_1', { status: 404, body: refusal('no') }],
      ['GET /customers?limit=1', { body: success([melvin], { hasNextPage: false }) }],
      ['GET /customers/cus_2', { status: 404, body: refusal('no') }],
    )
    const client = clientOf(server.url, { elsewhere })
    expect((await apiError(deleteCustomer(client, 'cus_1'))).code).toBe('not_found')
    // Asked once.
    expect((await apiError(getCustomer(client, 'cus_2'))).code).toBe('not_found')
  })

  test('is missing where something was found before, or nothing else could be tried', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers/cus_1', { body: success(melvin) }],
      ['GET /customers/cus_2', { status: 404, body: refusal('no') }],
      ['GET /customers/cus_2', { status: 404, body: refusal('no') }],
    )
    const client = clientOf(server.url, { elsewhere })
    await getCustomer(client, 'cus_1')
    expect((await apiError(getCustomer(client, 'cus_2'))).code).toBe('not_found')
    expect((await apiError(getCustomer(clientOf(server.url), 'cus_2'))).code).toBe('not_found')
  })

  test('is not known to be missing where the list is missing too', async () => {
    const server = await startAnswering()
    server.answers(
      ['DELETE /customers/cus_1', { status: 500, body: refusal('down') }],
      ['DELETE /customers/cus_1', { status: 404, body: refusal('no') }],
      ['GET /customers?limit=1', { status: 404, body: refusal('no') }],
    )
    const error = await apiError(deleteCustomer(clientOf(server.url, { elsewhere }), 'cus_1'))
    expect(error).toMatchObject({ code: 'api_error', status: 404, unanswered: true })
    expect(hintOf(error)).toBe('the API is not at this URL: check ORAFI_BASE_URL, or try the other one')
  })

  test('is missing where the list cannot be asked for', async () => {
    const server = await startAnswering()
    server.answers(
      ['GET /customers/cus_1', { status: 404, body: refusal('no') }],
      ['GET /customers?limit=1', { status: 500, body: refusal('down') }],
    )
    expect((await apiError(getCustomer(clientOf(server.url, { elsewhere }), 'cus_1'))).code).toBe('not_found')
  })
})

describe('the profile', () => {
  test('is asked for once, whatever is answered, and costs nobody a wait', async () => {
    const server = await startAnswering()
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '25' }
    server.answers(
      ['GET /profile', { status: 503, headers, body: refusal('down') }],
      ['GET /profile', { status: 429, headers: { ...headers, 'retry-after': '9' }, body: refusal('busy') }],
      ['GET /customers/cus_1', { headers, body: success(melvin) }],
      ['GET /profile', { body: success({ profile: { businessProfile: { businessName: ' Acme ' } } }) }],
    )
    const client = clientOf(server.url)
    expect((await apiError(getBusiness(client))).code).toBe('unavailable')
    expect((await apiError(getBusiness(client))).code).toBe('unavailable')
    await getCustomer(client, 'cus_1')
    expect(await getBusiness(client)).toEqual({ businessName: 'Acme', onboarded: null, isLive: null })
    expect(client.slept).toEqual([])
  })
})

test('an answer is reported with its duration', async () => {
  const server = await startAnswering()
  server.answers(['GET /customers/cus_1', { body: success(melvin) }])
  let time = 0
  const client = clientOf(server.url, { now: () => (time += 5) })
  await getCustomer(client, 'cus_1')
  const [answer] = client.events.filter(({ type }) => type === 'answer')
  expect(answer?.ms).toBeGreaterThan(0)
})
