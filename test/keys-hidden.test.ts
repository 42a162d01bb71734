import { describe, expect, test } from 'vitest'
import { startApi } from './support/api.ts'
import { orafi } from './support/orafi.ts'

const secret = 'S3cretKeyThatNobodyMaySee1234'
const key = `ora_test_${secret}`

describe('a key is masked wherever it appears on stderr', () => {
  test.each([
    ['as an id', `customers get ${key}`],
    ['as one of several ids', `customers get ${key} c_2`],
    ['as an id to delete', `customers delete ${key} --yes`],
    ['in a cursor', `customers list --cursor ${key}`],
    ['encoded in a cursor', `customers list --cursor ${encodeURIComponent(`${key}/`)}`],
    ['in a text to find', `customers find ${key}`],
    [
      'in the hint that repeats the command',
      `customers list --limit 1 --created-after 2020-01-01 --cursor 0 -q`,
    ],
    ['as a command', `${key}`],
    ['as a subcommand', `customers ${key}`],
    ['as an argument of login', `login ${key}`],
    ['as a profile', `customers list --profile ${key}`],
    ['as a mode', `customers list --mode ${key}`],
    ['as a file', `customers import ${key}`],
    ['as a run', `runs show ${key}`],
    ['as a customer to forget', `runs forget --customer ${key} --yes`],
  ])('%s', async (_what, line) => {
    const api = await startApi([{ id: 'c_1', email: 'a@x.example' }])
    api.instead = ({ path }) =>
      path === '/customers' ? { status: 400, body: { success: false, message: `bad: ${key}` } } : undefined
    for (const flags of ['', ' --debug', ' --json']) {
      const { stderr } = await orafi(`${line}${flags}`, { url: api.url, key })
      expect(stderr).not.toContain(secret)
      expect(stderr).not.toContain(secret.slice(4, 16))
    }
  })

  test.each(['get', 'find', 'delete --yes', 'import'])(
    'customers %s refuses one, and sends nothing',
    async (command) => {
      const api = await startApi([{ id: 'c_1' }])
      const { code, stderr } = await orafi(`customers ${command} ${key}`, { url: api.url, key })
      expect(code).toBe(2)
      expect(stderr).toMatch(
        /^error: a key is on the command line: ora_test_…1234\nhint: no flag takes a key/,
      )
      expect(api.received).toEqual([])
    },
  )

  test('in the next command of a listing, whose cursor the server chose', async () => {
    const api = await startApi()
    const customers = [{ id: 'c_1' }]
    api.instead = () => ({
      status: 200,
      body: { success: true, data: { customers, hasNextPage: true, nextCursor: `x${key}` } },
    })
    const { code, stderr } = await orafi('customers list --limit 1', { url: api.url, key })
    expect(code).toBe(0)
    expect(stderr).toContain('--cursor xora_test_…1234')
    expect(stderr).not.toContain(secret.slice(0, 12))
  })

  test('without a session too: what looks like a key is one', async () => {
    const { stderr } = await orafi(`customers ${'ora_live_'}${secret}`)
    expect(stderr).toContain('ora_live_…1234')
    expect(stderr).not.toContain(secret)
  })
})
