import { expect, test } from 'vitest'
import { getCustomer } from '../../src/api/customers.ts'
import { apiError, clientOf, noon, refusal, startAnswering } from './answering.ts'

test('a 503 that requires a longer wait than allowed is not waited for, and the error says until when', async () => {
  const server = await startAnswering()
  const reply = { status: 503, headers: { 'retry-after': '61' }, body: refusal('down for maintenance') }
  server.answers(['GET /customers/cus_1', reply])
  const client = clientOf(server.url, { maxWaitMs: 60_000 })
  const error = await apiError(getCustomer(client, 'cus_1'))
  expect(error).toMatchObject({ code: 'unavailable', status: 503, retryAt: noon + 61_000 })
  expect(client.slept).toEqual([])
})
