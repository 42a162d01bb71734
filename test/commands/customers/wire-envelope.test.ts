import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../../support/api.ts'
import { orafi } from '../../support/orafi.ts'

const create = 'customers create --firstname Ada --lastname Obi --email ada@obi.example --json'
const lastLine = (text: string): { error: { code: string; message: string; hint?: string } } =>
  JSON.parse(text.trim().split('\n').at(-1) ?? '')

describe('the other spelling of the envelope', () => {
  const plain = {
    id: 'c_9',
    firstname: 'Ada',
    lastname: 'Obi',
    email: 'ada@obi.example',
    mode: ['test'],
    totalSpent: 0,
  }

  test.each(['Success', 'success', 'SUCCESS'])('status: "%s" is a success', async (status) => {
    const api = await startApi([harmless('c_1')])
    api.instead = ({ method, path }) => {
      if (method === 'POST') return { status: 201, body: { status, message: 'made', data: plain } }
      if (path === '/customers')
        return {
          status: 200,
          body: { status, data: { customers: [plain], nextCursor: null, hasNextPage: false } },
        }
      if (method === 'DELETE') return { status: 200, body: { status, data: null } }
      return { status: 200, body: { success: true, status, data: { ...plain, id: 'c_1' } } }
    }
    expect(await orafi('customers list --fields id', api.test)).toMatchObject({ code: 0, stdout: 'c_9\n' })
    expect(await orafi('customers get c_1 --fields id', api.test)).toMatchObject({ code: 0, stdout: 'c_1\n' })
    const made = await orafi(create, api.test)
    expect(made.code).toBe(0)
    expect(JSON.parse(made.stdout).id).toBe('c_9')
    expect(await orafi('customers delete c_1 --yes', api.test)).toMatchObject({ code: 0, stdout: 'c_1\n' })
  })

  test.each(['Error', 'error'])(
    'status: "%s" is a refusal: a 404 of that form is a customer that is gone',
    async (status) => {
      const api = await startApi()
      api.instead = ({ path }) =>
        path === '/customers' ? undefined : { status: 404, body: { status, message: 'Customer not found' } }
      expect((await orafi('customers get c_1', api.test)).code).toBe(3)
      api.instead = () => ({ status: 400, body: { status, message: 'email is taken' } })
      const refused = await orafi(create, api.test)
      expect([refused.code, lastLine(refused.stderr).error.message]).toEqual([
        1,
        expect.stringContaining('email is taken'),
      ])
      api.instead = () => ({ status: 200, body: { status, message: 'no' } })
      expect((await orafi('customers get c_1', api.test)).code).toBe(1)
    },
  )

  test('a status that is neither says nothing', async () => {
    const api = await startApi()
    for (const status of ['ok', 200, null, true, '']) {
      api.instead = () => ({ status: 200, body: { status, data: plain } })
      expect((await orafi('customers get c_9', api.test)).code).toBe(1)
      api.instead = () => ({ status: 200, body: { success: true, status, data: plain } })
      expect((await orafi('customers get c_9', api.test)).code).toBe(0)
    }
  })
})

describe('an envelope that contradicts itself', () => {
  const contradictions = [
    [200, { success: true, status: 'Error', data: harmless('c_1') }],
    [200, { success: false, status: 'Success', data: harmless('c_1') }],
    [404, { success: false, status: 'Success' }],
    [404, { success: true, status: 'Error' }],
    [404, { success: true }],
    [401, { status: 'Success' }],
    [400, { success: true, data: harmless('c_1') }],
  ] as const

  test.each(contradictions)('is an error, %d %j', async (status, body) => {
    const api = await startApi([harmless('c_1')])
    api.instead = () => ({ status, body })
    const { code, stderr } = await orafi('customers get c_1 --json', api.test)
    expect([code, lastLine(stderr).error.code]).toEqual([1, 'api_error'])
    expect(api.received).toHaveLength(1)
  })

  test.each([...contradictions, [429, { success: true }] as const])(
    'leaves a create open, and it is not sent again: %d %j',
    async (status, body) => {
      const api = await startApi()
      api.instead = () => ({ status, body })
      const { code, stderr } = await orafi(create, api.test)
      expect([code, lastLine(stderr).error.code]).toEqual([8, 'ambiguous'])
      expect(api.received).toHaveLength(1)
    },
  )

  test.each(contradictions)('has a delete settled by looking: %d %j', async (status, body) => {
    for (const carriedOut of [true, false]) {
      const api = await startApi([harmless('c_1')])
      api.instead = ({ method }) => {
        if (method !== 'DELETE') return undefined
        if (carriedOut) api.records.delete('c_1')
        return { status, body }
      }
      const { code, stdout } = await orafi('customers delete c_1 --yes --json', api.test)
      const { deleted, failed, notFound } = JSON.parse(stdout)
      expect({ deleted, notFound }).toEqual({ deleted: carriedOut ? ['c_1'] : [], notFound: [] })
      expect(failed).toHaveLength(carriedOut ? 0 : 1)
      expect(code).toBe(carriedOut ? 0 : 1)
    }
  })
})
