import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { spentRanges } from '../../src/api/customer.ts'
import { startApi } from '../support/api.ts'
import { createClock } from '../support/clock.ts'
import { orafi, temporaryFolder, testTime } from '../support/orafi.ts'
import { openShop } from '../support/shop.ts'

// Tests take place on 2026-03-01T12:00:00Z, a Sunday.
const people = [
  { id: 'c_old', createdAt: '2025-09-15T08:00:00.000Z' },
  { id: 'c_feb', createdAt: '2026-02-10T08:00:00.000Z' },
  { id: 'c_week', createdAt: '2026-02-22T13:00:00.000Z' },
  { id: 'c_yesterday', createdAt: '2026-02-28T00:00:00.000Z' },
  { id: 'c_today', createdAt: '2026-03-01T00:00:00.000Z' },
].map((one) => ({ firstname: 'Ada', lastname: 'Obi', email: `${one.id}@x.example`, mode: ['test'], ...one }))

async function listed(flags: readonly string[]): Promise<string[]> {
  const api = await startApi(people)
  const { code, stdout, stderr } = await orafi(['customers', 'list', '--fields', 'id', ...flags], api.test)
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')])
  return stdout.trim().split('\n').filter(Boolean)
}

describe('a creation date', () => {
  test.each([
    ['7d', ['c_week', 'c_yesterday', 'c_today']],
    ['yesterday', ['c_yesterday', 'c_today']],
    ['today', ['c_today']],
    ['2026-02', ['c_feb', 'c_week', 'c_yesterday', 'c_today']],
    ['2026', ['c_feb', 'c_week', 'c_yesterday', 'c_today']],
    ['3 days ago', ['c_yesterday', 'c_today']],
  ])('after %s', async (text, ids) => {
    expect(await listed(['--created-after', text])).toEqual(ids)
  })

  test('before a month is before its first day', async () => {
    expect(await listed(['--created-before=2026-02'])).toEqual(['c_old'])
  })

  test.each(['list', 'count', 'find ada', 'export', 'duplicates'])(
    'after one that is later than before: %s says so, and sends nothing',
    async (command) => {
      const api = await startApi(people)
      const { code, stdout, stderr } = await orafi(
        `customers ${command} --created-after yesterday --created-before 2026-02-01`,
        api.test,
      )
      expect([code, stdout, api.received]).toEqual([2, '', []])
      expect(stderr).toContain(
        '--created-after yesterday (2026-02-28T00:00:00.000Z) is later than --created-before 2026-02-01',
      )
      expect(stderr).toMatch(/^hint: /m)
    },
  )

  test('that people read in two ways is refused', async () => {
    const { code, stderr } = await orafi('customers list --created-after 01/02/2026 --sandbox')
    expect(code).toBe(2)
    expect(stderr).toContain('write the year first')
  })

  test('is fixed in the command for the next page', async () => {
    const shop = await openShop(250)
    const { stderr } = await orafi('customers list --created-after 3y --limit 100', shop.test)
    expect(stderr).toMatch(/Next: .* --created-after 2023-03-02T12:00:0\d\.\d+Z --limit 100 --cursor /)
  })

  test('is fixed in the command that resumes an export, which works', async () => {
    const file = join(await temporaryFolder(), 'all.csv')
    const shop = await openShop(700)
    const line = `customers export ${file} --created-after 3y --debug`
    const stopped = await orafi(line, {
      ...shop.test,
      onOutput: ({ stderr }, interrupt) => void (stderr.includes('limit=100&cursor=') && interrupt()),
    })
    const [, next = ''] = /continue with: orafi (.*)\n/.exec(stopped.stderr) ?? []
    expect(next).toMatch(/--created-after 2023-\S+Z --debug --resume$/)
    const clock = createClock(testTime + 86_400_000)
    const later = await orafi(`${line} --resume`, { ...shop.test, clock })
    expect([later.code, later.stderr]).toEqual([2, expect.stringContaining('with --created-after 2023-')])
    expect((await orafi(next, { ...shop.test, clock })).code).toBe(0)
  })
})

describe('--spent', () => {
  const meant = {
    ABOVE500USDT: [
      'above500usdt',
      'above 500',
      '>500',
      '500+',
      'over 500 USDT',
      'more than $500',
      '500 and above',
    ],
    BELOW10USDT: ['Below10', '<10', 'under 10', 'less than 10 usdt', '0-10', 'up to 10'],
    FROM10TO30USDT: [
      '10-30',
      'from 10 to 30',
      'between 10 and 30',
      '10..30',
      '10 – 30 USDT',
      'FROM_10_TO_30',
    ],
    FROM200TO500USDT: ['from200to500usdt', '200 to 500', '200.00-500.00'],
  }
  test.each(Object.entries(meant).flatMap(([range, texts]) => texts.map((text) => [text, range])))(
    '%s is %s',
    async (text, range) => {
      const api = await startApi(people)
      await orafi(['customers', 'list', '--spent', text], api.test)
      expect(api.received[0]?.query.get('amountSpent')).toBe(range)
    },
  )

  test.each([
    '500',
    'above 300',
    'above 500 or so',
    '10-20',
    '>',
    'lots',
    '10-30-100',
    'not above 500',
    '-500 0',
  ])('%s is refused, with the ranges there are', async (text) => {
    const api = await startApi(people)
    const { code, stderr } = await orafi(['customers', 'list', '--spent', text], api.test)
    expect([code, api.received]).toEqual([2, []])
    for (const range of spentRanges) expect(stderr).toContain(range)
  })
})

describe('--fields', () => {
  test.each([
    ['Email,SPENT', 'email,totalSpent'],
    ['First name,LAST,Created', 'firstname,lastname,createdAt'],
    ['created_at,E-Mail,total-spent', 'createdAt,email,totalSpent'],
    ['NAME,Id', 'firstname,lastname,id'],
  ])('%s is %s', async (typed, fields) => {
    const { code, stdout } = await orafi([
      'customers',
      'list',
      '--sandbox',
      '--csv',
      '--limit',
      '1',
      '--fields',
      typed,
    ])
    expect([code, stdout.split('\r\n')[0]]).toEqual([0, fields])
  })

  test('takes every heading of a table', async () => {
    const terminal = { tty: true, columns: 300 }
    const { stdout } = await orafi('customers list --sandbox --limit 1 --no-color', terminal)
    const headings = (stdout.split('\n').find((line) => line.includes('EMAIL')) ?? '').split(/[│|]|\s{2,}/)
    const named = headings.map((one) => one.trim()).filter(Boolean)
    expect(named.length).toBeGreaterThan(5)
    const { code } = await orafi(['customers', 'list', '--sandbox', '--fields', named.join(',')])
    expect(code).toBe(0)
  })
})

test.each([
  ['customers list --mode TEST', 0],
  ['customers find ada --by Name', 0],
  ['completion BASH', 0],
])('%s: choices are taken in any case', async (line, code) => {
  expect((await orafi(`${line} --sandbox`)).code).toBe(code)
})

describe('an option given twice', () => {
  test.each([
    ['customers list --limit 1 --limit 2', '--limit', '1 and 2'],
    ['--profile a customers list --profile b', '--profile', 'a and b'],
    ['--timeout 1 customers list --timeout=2', '--timeout', '1 and 2'],
    ['customers list --mode test --mode live', '--mode', 'test and live'],
    ['customers list --created-after 7d --created-after 2026', '--created-after', '7d and 2026'],
    ['customers create --firstname Ada --firstname Bola', '--firstname', 'Ada and Bola'],
    ['customers import a.csv --rejects a --rejects b', '--rejects', 'a and b'],
    ['customers delete --plan a --plan b', '--plan', 'a and b'],
    ['runs forget --older-than 1y --older-than 90d', '--older-than', '1y and 90d'],
  ])('%s is refused', async (line, flag, values) => {
    const { code, stdout, stderr } = await orafi(`${line} --sandbox`)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`error: ${flag} is given twice, with different values: ${values}\n`)
    expect(stderr).toMatch(/^hint: /m)
  })

  test.each([
    '--limit 1 --limit 1',
    '--limit 1 --limit 01',
    '--spent above500usdt --spent ABOVE500USDT',
    '--mode test --mode TEST',
    '--json --json',
    '--profile a --profile a',
  ])('%s says the same twice', async (flags) => {
    expect((await orafi(`customers list --sandbox ${flags}`)).code).toBe(0)
  })

  test('--fields adds up, before and after the command', async () => {
    const line = '--fields id customers list --fields email,ID --fields spent --csv --limit 1 --sandbox'
    expect((await orafi(line)).stdout.split('\r\n')[0]).toBe('id,email,totalSpent')
  })

  test('--ids-from adds up, in order; a file that is named twice is read once', async () => {
    const folder = await temporaryFolder()
    const files = [join(folder, 'a'), join(folder, 'b')]
    await writeFile(join(folder, 'a'), 'c_old\nc_feb\n')
    await writeFile(join(folder, 'b'), 'id\nc_week\nc_old\n')
    const api = await startApi(people.map((one) => ({ ...one, totalSpent: 0 })))
    const flags = [...files, '-', '-'].flatMap((file) => ['--ids-from', file])
    const { code, stdout } = await orafi(['customers', 'delete', ...flags, '--dry-run', '--json'], {
      ...api.test,
      stdin: 'c_today\n',
    })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).wouldDelete).toEqual(['c_old', 'c_feb', 'c_week', 'c_today'])
  })

  test('one bad file of several: nothing is deleted', async () => {
    const api = await startApi(people)
    const line = 'customers delete --ids-from - --ids-from /nowhere/ids --yes'
    const { code, stderr } = await orafi(line, { ...api.test, stdin: 'c_old\n' })
    expect([code, api.received]).toEqual([2, []])
    expect(stderr).toContain('/nowhere/ids')
  })
})
