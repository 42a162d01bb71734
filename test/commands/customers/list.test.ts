import { describe, expect, test } from 'vitest'
import type { NextFault } from '../../../src/sandbox/faults.ts'
import { orafi } from '../../support/orafi.ts'
import { answerForms, openShop, type Shop } from '../../support/shop.ts'

/** Adds customers, and says their ids in the order in which they are listed. */
async function fill(shop: Shop, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    const name = `N${String(index).padStart(3, '0')}`
    const created = await shop.store.create({
      firstname: name,
      lastname: 'Obi',
      email: `${name}@x.example`,
      mode: ['test'],
    })
    ids.push(created.id)
  }
  return ids
}

const idsIn = (json: string): string[] => JSON.parse(json).data.map(({ id }: { id: string }) => id)

describe('orafi customers list', () => {
  test.each(answerForms)(
    'prints tab-separated values into a pipe: eight columns, no header, nothing cut (%s)',
    async (answers) => {
      const shop = await openShop(0, { answers })
      const [id] = await fill(shop, 1)
      const { code, stdout, stderr } = await orafi('customers list', shop.test)
      expect(code).toBe(0)
      expect(stderr).toBe('')
      const cells = stdout.replace(/\n$/, '').split('\t')
      expect(cells.slice(0, 6)).toEqual([id, 'N000', 'Obi', 'N000@x.example', 'test', '0'])
      expect(cells[6]).toMatch(/^2026-03-01T12:00:\d\d\.\d{3}Z$/)
      // The documented form has no date of an update.
      expect(cells.slice(7)).toEqual([answers === 'object' ? cells[6] : ''])
    },
  )

  test('lists twenty and says, with the exact next command, that more wait', async () => {
    const shop = await openShop()
    const ids = await fill(shop, 25)
    const first = await orafi('customers list --mode test --json', shop.test)
    const { hasNextPage, nextCursor } = JSON.parse(first.stdout)
    expect(idsIn(first.stdout)).toEqual(ids.slice(0, 20))
    expect(hasNextPage).toBe(true)
    expect(first.stderr).toBe(
      `There are more customers. Next: orafi customers list --mode test --json --cursor ${nextCursor}\n`,
    )
    const next = await orafi(`customers list --mode test --json --cursor ${nextCursor}`, shop.test)
    expect(idsIn(next.stdout)).toEqual(ids.slice(20))
    expect(JSON.parse(next.stdout)).toMatchObject({ hasNextPage: false, nextCursor: null })
    expect(next.stderr).toBe('')
  })

  test('--quiet silences that more wait', async () => {
    const shop = await openShop()
    await fill(shop, 21)
    expect((await orafi('customers list -q', shop.test)).stderr).toBe('')
  })

  test('--limit follows cursors where the pages are smaller, and its cursor loses nobody', async () => {
    const shop = await openShop(0, { maxPage: 20 })
    const ids = await fill(shop, 70)
    const first = await orafi('customers list --limit 50 --json', shop.test)
    expect(first.code).toBe(0)
    expect(idsIn(first.stdout)).toEqual(ids.slice(0, 50))
    const { nextCursor } = JSON.parse(first.stdout)
    const rest = await orafi(`customers list --all --json --cursor ${nextCursor}`, shop.test)
    expect(idsIn(rest.stdout)).toEqual(ids.slice(50))
  })

  test('--all follows every page to the end', async () => {
    const shop = await openShop()
    const ids = await fill(shop, 230)
    const { stdout, stderr } = await orafi('customers list --all --json', shop.test)
    expect(idsIn(stdout)).toEqual(ids)
    expect(JSON.parse(stdout)).toMatchObject({ hasNextPage: false, nextCursor: null })
    expect(stderr).toBe('')
  })

  test('an empty result says so on stderr, and is still a whole document', async () => {
    const shop = await openShop()
    expect(await orafi('customers list --json', shop.test)).toMatchObject({
      code: 0,
      stdout: '{"data":[],"hasNextPage":false,"nextCursor":null}\n',
      stderr: 'No customers match.\n',
    })
    expect(await orafi('customers list', shop.test)).toMatchObject({
      stdout: '',
      stderr: 'No customers match.\n',
    })
  })

  test('--spent takes a range in any case and refuses every other word, naming the six', async () => {
    const shop = await openShop()
    await shop.store.create({
      firstname: 'A',
      lastname: 'B',
      email: 'a@b.example',
      mode: ['test'],
      totalSpent: 600,
    })
    await shop.store.create({
      firstname: 'C',
      lastname: 'D',
      email: 'c@d.example',
      mode: ['test'],
      totalSpent: 5,
    })
    const { stdout } = await orafi('customers list --spent above500usdt --fields email', shop.test)
    expect(stdout).toBe('a@b.example\n')
    const refused = await orafi('customers list --spent ABOVE400USDT', shop.test)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('BELOW10USDT, FROM10TO30USDT')
  })

  test.each(answerForms)(
    'dates are applied here: at or after, before, and read on until enough match (%s)',
    async (answers) => {
      const shop = await openShop(300, { answers })
      const all = JSON.parse((await orafi('customers list --all --json', shop.test)).stdout).data
      const dates: string[] = all.map(({ createdAt }: { createdAt: string }) => createdAt).sort()
      expect(new Set(dates).size).toBeGreaterThan(100)
      const from = dates[100] ?? ''
      const to = dates[104] ?? ''
      const line = `customers list --created-after ${from} --created-before ${to} --all --fields createdAt --ndjson`
      const found = (await orafi(line, shop.test)).stdout
        .trimEnd()
        .split('\n')
        .map((one) => JSON.parse(one).createdAt)
      expect(found.sort()).toEqual(dates.filter((date) => date >= from && date < to))
      const three = await orafi(`customers list --created-after ${dates[0]} --limit 3 --json`, shop.test)
      expect(JSON.parse(three.stdout)).toMatchObject({ hasNextPage: true, nextCursor: null })
      expect(idsIn(three.stdout)).toHaveLength(3)
      expect(three.stderr).toBe('There are more customers. To see them: a larger --limit, or --all\n')
    },
  )

  test.each([['--cursor', ''], ['--cursor='], ['--cursor', ' \t'], ['--cursor', '', '--json']])(
    'an empty cursor is refused by name, before anything is sent: %j %j',
    async (...flags) => {
      const nowhere = { key: `ora_test_${'x'.repeat(30)}`, url: 'http://127.0.0.1:9' }
      const { code, stdout, stderr } = await orafi(['customers', 'list', ...flags], nowhere)
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain('--cursor')
      expect(stderr).toContain('It is empty')
    },
  )

  test('a date that no calendar has is refused', async () => {
    const { code, stderr } = await orafi('customers list --created-after 2026-02-30 --sandbox')
    expect(code).toBe(2)
    expect(stderr).toContain('Expected an ISO date')
  })

  test('warns when --mode asks a test key for live data', async () => {
    const shop = await openShop()
    const { code, stderr } = await orafi('customers list --mode live', shop.test)
    expect(code).toBe(0)
    expect(stderr).toContain('warning: this is a test key (ora_test_…')
  })

  test('asserts the mode of a key from the environment: another one is exit 4 and nothing is sent', async () => {
    const { code, stderr } = await orafi('customers list --live', {
      key: `ora_test_${'x'.repeat(30)}`,
      url: 'http://127.0.0.1:9',
    })
    expect(code).toBe(4)
    expect(stderr).toContain('ORAFI_API_KEY contains a test key')
    expect(stderr).not.toContain('x'.repeat(5))
  })

  test('a closed pipe ends it quietly with 0', async () => {
    const shop = await openShop()
    await fill(shop, 250)
    expect(await orafi('customers list --all', { ...shop.test, closeAfter: 100 })).toMatchObject({
      code: 0,
      stderr: '',
    })
  })

  test('Ctrl-C closes the JSON document with the cursor to continue from, and exits with 130', async () => {
    const shop = await openShop()
    const ids = await fill(shop, 450)
    const onOutput: NonNullable<Parameters<typeof orafi>[1]>['onOutput'] = ({ stdout }, interrupt) => {
      if (stdout.length > 100) interrupt()
    }
    const { code, stdout, stderr } = await orafi('customers list --all --json', { ...shop.test, onOutput })
    expect(code).toBe(130)
    const { data, hasNextPage, nextCursor } = JSON.parse(stdout)
    expect(hasNextPage).toBe(true)
    expect(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '').error.code).toBe('interrupted')
    const rest = await orafi(`customers list --all --json --cursor ${nextCursor}`, shop.test)
    const together = new Set([...data.map(({ id }: { id: string }) => id), ...idsIn(rest.stdout)])
    expect(together).toEqual(new Set(ids))
  })

  test('a listing that fails midway is closed properly, with the cursor of the page that failed', async () => {
    let pages = 0
    const next: NextFault = ({ target }) =>
      target.startsWith('/customers?') && ++pages === 3 ? { how: 503, takesEffect: false } : undefined
    const shop = await openShop(0, { faults: { next } })
    const ids = await fill(shop, 450)
    const { code, stdout, stderr } = await orafi('customers list --all --json --retries 0', shop.test)
    expect(code).toBe(5)
    expect(idsIn(stdout)).toEqual(ids.slice(0, 200))
    const { hasNextPage, nextCursor } = JSON.parse(stdout)
    expect(hasNextPage).toBe(true)
    expect(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '').error).toMatchObject({
      code: 'unavailable',
      status: 503,
    })
    const rest = await orafi(`customers list --all --json --cursor ${nextCursor}`, shop.test)
    expect(idsIn(rest.stdout)).toEqual(ids.slice(200))
  })

  test('--ndjson is one record a line, as it came; --csv has a header and the eight columns', async () => {
    const shop = await openShop()
    const ids = await fill(shop, 3)
    const ndjson = await orafi('customers list --ndjson', shop.test)
    expect(
      ndjson.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(ids)
    const csv = await orafi('customers list --csv', shop.test)
    const [header, , , last] = csv.stdout.split('\r\n')
    expect(header).toBe('id,firstname,lastname,email,mode,totalSpent,createdAt,updatedAt')
    expect(last).toMatch(new RegExp(`^${ids[2]},N002,Obi,N002@x.example,test,0,2026-`))
  })

  test('--fields picks and orders columns in every format', async () => {
    const shop = await openShop()
    const [id] = await fill(shop, 1)
    const line = 'customers list --fields email,id'
    expect((await orafi(line, shop.test)).stdout).toBe(`N000@x.example\t${id}\n`)
    expect((await orafi(`${line} --csv`, shop.test)).stdout).toBe(`email,id\r\nN000@x.example,${id}\r\n`)
    const { data } = JSON.parse((await orafi(`${line} --json`, shop.test)).stdout)
    expect(Object.keys(data[0])).toEqual(['email', 'id'])
  })

  test('--excel-safe starts CSV with a byte order mark, in a pipe only', async () => {
    const shop = await openShop()
    const [id] = await fill(shop, 1)
    const line = 'customers list --csv --excel-safe --fields id'
    expect((await orafi(line, shop.test)).stdout).toBe(`\ufeffid\r\n${id}\r\n`)
    expect((await orafi(line, { ...shop.test, tty: true })).stdout).toBe(`id\r\n${id}\r\n`)
  })

  test.each([
    [';', ';'],
    ['|', '|'],
    ['tab', '\t'],
    ['\\t', '\t'],
  ])('--delimiter %s separates CSV, wherever customers are printed', async (given, sign) => {
    const shop = await openShop()
    const name = `A${sign}B`
    const { id } = await shop.store.create({
      firstname: name,
      lastname: 'O',
      email: 'a@x.co',
      mode: ['test'],
    })
    const csv = `id${sign}firstname\r\n${id}${sign}"${name}"\r\n`
    for (const command of ['list', `get ${id}`, 'find a@x.co', 'export', `get ${id} ${id}`]) {
      const args = ['--csv', '--fields', 'id,firstname', '--delimiter', given]
      const { code, stdout } = await orafi(['customers', ...command.split(' '), ...args], shop.test)
      expect({ code, stdout: stdout.split('\r\n').slice(0, 2) }).toEqual({
        code: 0,
        stdout: csv.split('\r\n').slice(0, 2),
      })
    }
  })

  test('--delimiter without CSV, or with what cannot be one, is exit 2 before any request', async () => {
    const watch = { url: 'http://127.0.0.1:9', key: `ora_test_${'k'.repeat(30)}` }
    for (const command of ['list', 'get c_1', 'find a', 'export']) {
      for (const format of ['', '--json', '--ndjson']) {
        const { code, stderr } = await orafi(`customers ${command} ${format} --delimiter ;`, watch)
        expect([code, stderr]).toEqual([2, expect.stringContaining('--delimiter is only for CSV')])
      }
    }
    for (const sign of ['', ' ', ';;', 'a', '1', '"', "'", '\n', 'semicolon']) {
      const { code } = await orafi(['customers', 'list', '--csv', '--delimiter', sign], watch)
      expect(code).toBe(2)
    }
    expect((await orafi('customers count --delimiter ;', watch)).code).toBe(2)
    expect((await orafi('customers duplicates --csv --delimiter ;', watch)).code).toBe(2)
  })

  test('formats exclude each other, unknown fields are listed with the eight', async () => {
    expect(await orafi('customers list --sandbox --json --csv')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('cannot be used together'),
    })
    const fields = await orafi('customers list --sandbox --fields id,phone')
    expect(fields.code).toBe(2)
    expect(fields.stderr).toContain('id, firstname, lastname, email, mode, totalSpent, createdAt, updatedAt')
  })

  test('--limit and --all exclude each other, and --limit 0 is no limit at all', async () => {
    expect((await orafi('customers list --sandbox --limit 5 --all')).code).toBe(2)
    expect((await orafi('customers list --sandbox --limit 0')).code).toBe(2)
  })
})
