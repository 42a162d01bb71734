import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../support/api.ts'
import { orafi } from '../support/orafi.ts'

/** An account that moves while it is read: each page begins with the last record of the one before. */
async function movingAccount() {
  const api = await startApi()
  api.instead = ({ query }) => {
    const from = Number(query.get('cursor') ?? 0)
    const customers = [from, from + 1].map((index) => harmless(`c_${index}`))
    const hasNextPage = from < 2
    const data = { customers, hasNextPage, nextCursor: hasNextPage ? String(from + 1) : null }
    return { status: 200, body: { success: true, message: 'ok', data } }
  }
  return api
}

const idsOf = (stdout: string): string[] => JSON.parse(stdout).data.map(({ id }: { id: string }) => id)

describe('repeated ids while the account changes', () => {
  test.each(['customers list --all --json', 'customers find c_ --json'])(
    'are given once by %s, and counted on stderr',
    async (line) => {
      const api = await movingAccount()
      const { stdout, stderr } = await orafi(line, api.test)
      expect(idsOf(stdout)).toEqual(['c_0', 'c_1', 'c_2', 'c_3'])
      expect(stderr.match(/note: 2 repeated ids were dropped/g)).toHaveLength(1)
    },
  )

  test('are kept if only some are listed, so that the count is complete', async () => {
    const api = await movingAccount()
    const { stdout, stderr } = await orafi('customers list --limit 4 --json', api.test)
    expect(idsOf(stdout)).toEqual(['c_0', 'c_1', 'c_1', 'c_2'])
    expect(stderr).not.toContain('repeated')
  })
})

describe('a listing with a limit', () => {
  test('requests the last customer even if it is the only one needed from its page', async () => {
    const api = await startApi(Array.from({ length: 150 }, (_, index) => harmless(`c_${index}`)))
    for (const line of ['customers list', 'customers find c_']) {
      const { stdout } = await orafi(`${line} --limit 101 --json`, api.test)
      expect(idsOf(stdout)).toEqual(Array.from({ length: 101 }, (_, index) => `c_${index}`))
    }
  })

  test('has no cursor if the API sent more customers than requested', async () => {
    const api = await movingAccount()
    const { stdout } = await orafi('customers list --limit 3 --json', api.test)
    expect(idsOf(stdout)).toEqual(['c_0', 'c_1', 'c_1'])
    expect(JSON.parse(stdout)).toMatchObject({ hasNextPage: true, nextCursor: null })
  })

  test('that fails at once is a document that says where to continue', async () => {
    const api = await startApi()
    api.instead = () => ({ status: 500 })
    const { code, stdout } = await orafi('customers list --cursor 40 --json --retries 0', api.test)
    expect([code, stdout]).toEqual([5, '{"data":[],"hasNextPage":true,"nextCursor":"40"}\n'])
  })
})

describe('a search that has reached its limit', () => {
  const five = () => startApi(Array.from({ length: 5 }, (_, index) => harmless(`c_${index}`)))

  test.each([
    ['inside of what was read', 2],
    ['with the last of what was read', 5],
  ])('%s has no cursor to give, and asks for nothing more', async (_where, limit) => {
    const api = await five()
    const { stdout } = await orafi(`customers find c_ --limit ${limit} --json`, api.test)
    const { nextCursor, data } = JSON.parse(stdout)
    expect([data.length, nextCursor, api.received.length]).toEqual([limit, null, 1])
  })

  test('at the end of a page says that there is another', async () => {
    const api = await startApi(Array.from({ length: 150 }, (_, index) => harmless(`c_${index}`)))
    const { stdout } = await orafi('customers find c_ --limit 100 --json', api.test)
    const { nextCursor, hasNextPage, data } = JSON.parse(stdout)
    expect([data.length, nextCursor, hasNextPage]).toEqual([100, null, true])
  })
})
