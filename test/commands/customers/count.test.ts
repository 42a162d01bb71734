import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { harmless, startApi } from '../../support/api.ts'
import { type Circumstances, type Output, orafi } from '../../support/orafi.ts'
import { answerForms, openShop } from '../../support/shop.ts'

/** An account of 250 customers, on three pages. */
const largeAccount = () => startApi(Array.from({ length: 250 }, (_, index) => harmless(`c_${index}`)))

describe('orafi customers count', () => {
  test('counts through all pages, and prints the number alone in a pipe', async () => {
    const api = await largeAccount()
    expect(await orafi('customers count', api.test)).toMatchObject({ code: 0, stdout: '250\n', stderr: '' })
    expect(api.received.map(({ query }) => query.get('cursor'))).toEqual([null, '100', '200'])
  })

  test('prints the number alone on a terminal too, unpainted, and shows there how far it is', async () => {
    const api = await largeAccount()
    let shown = ''
    api.instead = async ({ query }) => {
      while (query.get('cursor') === '200' && !shown.includes('counting: 200 customers')) await setTimeout(10)
      return undefined
    }
    const onOutput = ({ stderr }: Output): void => {
      shown = stderr
    }
    const { code, stdout } = await orafi('customers count', { ...api.test, tty: true, onOutput })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '250\n' })
  })

  test.each<[string, Circumstances]>([
    ['customers count', { tty: ['stdout'] }],
    ['customers count --quiet', { tty: true }],
    ['customers count --debug', { tty: true }],
    ['customers count', { tty: true, env: { CI: '1' } }],
  ])('shows no progress: %s %j', async (line, circumstances) => {
    const api = await largeAccount()
    api.instead = async ({ query }) => {
      if (query.get('cursor') === '200') await setTimeout(200)
      return undefined
    }
    const { stdout, stderr } = await orafi(line, { ...api.test, ...circumstances })
    expect(stdout).toBe('250\n')
    expect(stderr).not.toMatch(/counting/)
  })

  test.each(['--json', '--ndjson'])('%s prints one document', async (format) => {
    const api = await largeAccount()
    expect((await orafi(`customers count ${format}`, api.test)).stdout).toBe('{"count":250}\n')
  })

  test.each(['--csv', '--fields id', '--excel-safe'])('%s is for customers, so exit 2', async (flag) => {
    expect(await orafi(`customers count --sandbox ${flag}`)).toMatchObject({ code: 2, stdout: '' })
  })

  test('no customers is 0 and exit 0', async () => {
    const shop = await openShop()
    expect(await orafi('customers count', shop.test)).toMatchObject({ code: 0, stdout: '0\n', stderr: '' })
  })

  test.each(answerForms)('counts what list lists with the same filters (%s)', async (answers) => {
    const shop = await openShop(300, { answers })
    const counted = new Set<number>()
    for (const filters of [
      '',
      '--mode test',
      '--spent above500usdt',
      '--created-after 2025-12-01',
      '--created-before 2025-12-01',
      '--spent BELOW10USDT --created-after 2025-06-01 --created-before 2026-01-01',
    ]) {
      const { data } = JSON.parse((await orafi(`customers list --all --json ${filters}`, shop.test)).stdout)
      expect((await orafi(`customers count ${filters}`, shop.test)).stdout, filters).toBe(`${data.length}\n`)
      counted.add(data.length)
    }
    expect(counted.size).toBeGreaterThan(4)
  })

  test('an id that comes twice is counted once, and stderr says so', async () => {
    const api = await startApi()
    api.instead = ({ query }) => {
      const page = Number(query.get('cursor') ?? 0)
      const customers = [harmless(`c_${page}`), harmless(`c_${page + 1}`)]
      const data = { customers, hasNextPage: page === 0, nextCursor: page === 0 ? '1' : null }
      return { status: 200, body: { success: true, message: 'ok', data } }
    }
    expect(await orafi('customers count', api.test)).toMatchObject({
      code: 0,
      stdout: '3\n',
      stderr: 'note: 1 repeated id was dropped: the account changed while it was read\n',
    })
  })

  test('warns when --mode asks a test key for live data', async () => {
    const api = await largeAccount()
    const { code, stderr } = await orafi('customers count --mode live', api.test)
    expect(code).toBe(0)
    expect(stderr).toContain('warning: this is a test key (ora_test_…')
  })

  describe('prints no number that would be a part of one', () => {
    const nothing = async (line: string, circumstances: Circumstances, code: number, error: string) => {
      const did = await orafi(`${line} --json`, circumstances)
      expect({ code: did.code, stdout: did.stdout }).toEqual({ code, stdout: '' })
      expect(JSON.parse(did.stderr.trimEnd().split('\n').at(-1) ?? '').error.code).toBe(error)
    }

    test('where the third page fails', async () => {
      const api = await largeAccount()
      api.instead = ({ query }) => (query.get('cursor') === '200' ? { status: 503 } : undefined)
      await nothing('customers count --retries 0', api.test, 5, 'unavailable')
    })

    test('where the API does not say whether more follows', async () => {
      const api = await largeAccount()
      const customers = Array.from({ length: 100 }, (_, index) => harmless(`c_${index}`))
      api.instead = () => ({
        status: 200,
        body: { success: true, message: 'ok', data: { customers, count: 100 } },
      })
      await nothing('customers count', api.test, 1, 'api_error')
    })

    test('where it is interrupted', async () => {
      const api = await largeAccount()
      let interrupt = (): void => undefined
      const onStart = (end: () => void): void => {
        interrupt = end
      }
      api.instead = ({ query }) => {
        if (query.get('cursor') === '200') interrupt()
        return undefined
      }
      await nothing('customers count', { ...api.test, onStart }, 130, 'interrupted')
    })

    test('where a date filter meets a customer whose creation date is unknown', async () => {
      const api = await startApi([harmless('c_1'), harmless('c_2', { userCustomers: [] })])
      await nothing('customers count --created-after 2020-01-01', api.test, 1, 'api_error')
      expect((await orafi('customers count', api.test)).stdout).toBe('2\n')
    })
  })

  test('a rate limit may cost any wait, as for every command that reads everything', async () => {
    const api = await largeAccount()
    let asked = 0
    api.instead = () => (++asked === 2 ? { status: 429, headers: { 'retry-after': '300' } } : undefined)
    const { code, stdout, slept } = await orafi('customers count', api.test)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '250\n' })
    // The longest single wait where a command sends a few requests (docs/contract.md#rate-limits).
    expect(Math.max(...slept)).toBeGreaterThan(60_000)
  })

  test('is not signed in: exit 4, and nothing is printed', async () => {
    expect(await orafi('customers count')).toMatchObject({ code: 4, stdout: '' })
  })
})
