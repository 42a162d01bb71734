import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { randomFaults } from '../../../src/sandbox/faults.ts'
import { harmless, startApi } from '../../support/api.ts'
import { orafi, seededRandom, temporaryFolder } from '../../support/orafi.ts'
import { openShop, pay, type Shop } from '../../support/shop.ts'

const missing = 'cmjr4c7qq0000v8hozkzz4em5'

async function customer(
  shop: Shop,
  over: { mode?: ('test' | 'live')[]; totalSpent?: number; email?: string } = {},
): Promise<string> {
  const fields = {
    firstname: 'Ada',
    lastname: 'Obi',
    email: 'ada@x.example',
    mode: ['test'] as const,
    totalSpent: 0,
    ...over,
  }
  return (await shop.store.create(fields)).id
}

async function customers(shop: Shop, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index++) ids.push(await customer(shop, { email: `n${index}@x.example` }))
  return ids
}

describe('orafi customers delete, on a terminal', () => {
  test('shows the record, asks, and deletes on y', async () => {
    const shop = await openShop()
    const id = await customer(shop)
    const { code, stdout, stderr } = await orafi(`customers delete ${id}`, {
      ...shop.test,
      tty: true,
      stdin: 'y\n',
    })
    expect(code).toBe(0)
    expect(stderr).toContain('ada@x.example')
    expect(stderr).toContain('key from ORAFI_API_KEY, test, ora_test_…')
    expect(stderr).toContain('Delete 1 customer? [y/N]')
    expect(stderr).toContain('1 deleted')
    expect(stdout).toBe('')
    expect(shop.store.count).toBe(0)
  })

  test.each([
    ['no', '\n', 7],
    ['a word that is not yes', 'yep\n', 7],
    ['Esc', '\x1b', 7],
    ['the end of input', '\x04', 7],
    ['Ctrl-C', '\x03', 130],
  ])('deletes nothing on %s', async (_what, stdin, expected) => {
    const shop = await openShop()
    const id = await customer(shop)
    const { code, stdout } = await orafi(`customers delete ${id}`, { ...shop.test, tty: true, stdin })
    expect(code).toBe(expected)
    expect(stdout).toBe('')
    expect(shop.store.count).toBe(1)
  })

  test('with a live key the e-mail has to be typed', async () => {
    const shop = await openShop()
    const id = await customer(shop, { mode: ['live'] })
    const wrong = await orafi(`customers delete ${id}`, { ...shop.live, tty: true, stdin: 'y\n' })
    expect(wrong.code).toBe(7)
    expect(wrong.stderr).toContain('LIVE')
    const right = await orafi(`customers delete ${id}`, { ...shop.live, tty: true, stdin: 'ada@x.example\n' })
    expect(right.code).toBe(0)
    expect(shop.store.count).toBe(0)
  })

  test('so does a record that was seen in live mode, under a test key', async () => {
    const shop = await openShop()
    const id = await customer(shop, { mode: ['test', 'live'] })
    expect((await orafi(`customers delete ${id}`, { ...shop.test, tty: true, stdin: 'y\n' })).code).toBe(7)
    expect(
      (await orafi(`customers delete ${id}`, { ...shop.test, tty: true, stdin: 'ada@x.example\n' })).code,
    ).toBe(0)
  })

  test('the id is typed where the e-mail cannot be', async () => {
    const shop = await openShop()
    const id = await customer(shop, { mode: ['live'], email: 'адa@x.example' })
    expect((await orafi(`customers delete ${id}`, { ...shop.live, tty: true, stdin: `${id}\n` })).code).toBe(
      0,
    )
  })

  test('several live ones want their number typed', async () => {
    const shop = await openShop()
    const ids = [
      await customer(shop, { mode: ['live'] }),
      await customer(shop, { mode: ['live'], email: 'b@x.example' }),
    ]
    expect(
      (await orafi(`customers delete ${ids.join(' ')}`, { ...shop.live, tty: true, stdin: '3\n' })).code,
    ).toBe(7)
    expect(
      (await orafi(`customers delete ${ids.join(' ')}`, { ...shop.live, tty: true, stdin: '2\n' })).code,
    ).toBe(0)
    expect(shop.store.count).toBe(0)
  })

  test('shows twenty, every one that needs care, and counts', async () => {
    const shop = await openShop()
    const ids = await customers(shop, 30)
    ids.push(await customer(shop, { email: 'spender@x.example', totalSpent: 12 }))
    const { stderr } = await orafi(`customers delete ${ids.join(' ')}`, {
      ...shop.test,
      tty: true,
      stdin: 'n\n',
    })
    expect(stderr).toContain('n19@x.example')
    expect(stderr).not.toContain('n20@x.example')
    expect(stderr).toContain('spender@x.example')
    expect(stderr).toContain('31 to delete (10 more not shown), 1 with spending')
  })
})

describe('orafi customers delete, without a prompt', () => {
  test('without --yes is exit 2 and deletes nothing', async () => {
    const shop = await openShop()
    const id = await customer(shop)
    for (const circumstances of [
      shop.test,
      { ...shop.test, stdin: 'y\n' },
      { ...shop.test, tty: true, env: { CI: '1' } },
    ]) {
      expect(await orafi(`customers delete ${id}`, circumstances)).toMatchObject({ code: 2, stdout: '' })
    }
    expect((await orafi(`customers delete ${id} --no-input`, { ...shop.test, tty: true })).code).toBe(2)
    expect(shop.store.count).toBe(1)
  })

  test('--yes deletes and prints the ids, or the document', async () => {
    const shop = await openShop()
    const [first, second] = await customers(shop, 2)
    expect(await orafi(`customers delete ${first} --yes`, shop.test)).toMatchObject({
      code: 0,
      stdout: `${first}\n`,
    })
    const { stdout } = await orafi(`customers delete ${second} --yes --json`, shop.test)
    expect(JSON.parse(stdout)).toEqual({
      run: expect.stringMatching(/^\d{8}-\d{6}-/),
      deleted: [second],
      notFound: [],
      failed: [],
      leftOut: [],
      notSent: [],
    })
  })

  test('a live key deletes only when the command itself says --live', async () => {
    const shop = await openShop()
    const id = await customer(shop, { mode: ['live'] })
    const refused = await orafi(`customers delete ${id} --yes`, shop.live)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('--live')
    expect((await orafi(`customers delete ${id} --yes --live`, shop.live)).code).toBe(0)
  })

  test('cannot delete a record that was seen in live mode with a test key', async () => {
    const shop = await openShop()
    const id = await customer(shop, { mode: ['test', 'live'] })
    expect((await orafi(`customers delete ${id} --yes`, shop.test)).code).toBe(2)
    expect(shop.store.count).toBe(1)
  })

  test('one spender among several stops all, unless --include-spenders', async () => {
    const shop = await openShop()
    const ids = [
      ...(await customers(shop, 2)),
      await customer(shop, { totalSpent: 0.01, email: 's@x.example' }),
    ]
    const refused = await orafi(`customers delete ${ids.join(' ')} --yes`, shop.test)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('1 of the records has spent')
    expect(shop.store.count).toBe(3)
    expect((await orafi(`customers delete ${ids.join(' ')} --yes --include-spenders`, shop.test)).code).toBe(
      0,
    )
    expect(shop.store.count).toBe(0)
  })

  test('more than a hundred need --max-delete', async () => {
    const shop = await openShop()
    const ids = await customers(shop, 101)
    const refused = await orafi(`customers delete ${ids.join(' ')} --yes`, shop.test)
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain('--max-delete 101')
    expect(shop.store.count).toBe(101)
    expect((await orafi(`customers delete ${ids.join(' ')} --yes --max-delete 101`, shop.test)).code).toBe(0)
    expect(shop.store.count).toBe(0)
  })

  test('a hundred do not', async () => {
    const shop = await openShop()
    const ids = await customers(shop, 100)
    expect((await orafi(`customers delete ${ids.join(' ')} --yes`, shop.test)).code).toBe(0)
    expect(shop.store.count).toBe(0)
  })

  test('--dry-run shows what would be deleted and deletes nothing', async () => {
    const shop = await openShop()
    const id = await customer(shop)
    const { code, stdout, stderr } = await orafi(`customers delete ${id} --dry-run --json`, shop.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ run: null, wouldDelete: [id], notFound: [], leftOut: [] })
    expect(stderr).toContain('ada@x.example')
    expect(shop.store.count).toBe(1)
  })
})

describe('the outcome of a deletion', () => {
  test('some deleted and some not found is exit 6, none found is exit 3', async () => {
    const shop = await openShop()
    const id = await customer(shop)
    const both = await orafi(`customers delete ${missing} ${id} --yes --json`, shop.test)
    expect(both.code).toBe(6)
    expect(JSON.parse(both.stdout)).toMatchObject({ deleted: [id], notFound: [missing] })
    const none = await orafi(`customers delete ${missing} --yes --json`, shop.test)
    expect(none.code).toBe(3)
    expect(JSON.parse(none.stdout)).toEqual({
      run: null,
      deleted: [],
      notFound: [missing],
      failed: [],
      leftOut: [],
      notSent: [],
    })
  })

  test.each([
    ['one that is missing', ['missing'], 3, `no customer c_0`],
    ['several that are missing', ['missing', 'missing'], 3, 'none of the customers exist'],
    ['one that is refused and one that is missing', [400, 'missing'], 1, '2 of 2 customers were not deleted'],
    ['two of which the API answers nothing', [500, 500], 5, '2 of 2 customers were not deleted'],
    ['one that is refused, and one without an answer', [500, 400], 1, '2 of 2 customers were not deleted'],
    ['two that are refused beside one that goes', [400, 400, 200], 6, '2 of 3 customers were not deleted'],
  ] as const)(
    '%s: the exit code and the summary say what it came to',
    async (_what, fates, exit, summary) => {
      const api = await startApi()
      for (const [index, fate] of fates.entries())
        if (fate !== 'missing') api.records.set(`c_${index}`, harmless(`c_${index}`))
      api.instead = ({ method, path }) => {
        const fate = fates[Number(path.slice('/customers/c_'.length))]
        if (method !== 'DELETE' || typeof fate !== 'number' || fate === 200) return undefined
        return { status: fate, body: { success: false, message: 'no' } }
      }
      const ids = fates.map((_, index) => `c_${index}`).join(' ')
      const { code, stderr } = await orafi(`customers delete ${ids} --yes --retries 0`, api.test)
      expect(stderr).toContain(`error: ${summary}\n`)
      expect(code).toBe(exit)
    },
  )

  test('a deletion whose answer was lost is settled, and never counts as not found', async () => {
    const shop = await openShop(0, {
      faults: { next: randomFaults({ failRate: 0, dropRate: 0.4 }, seededRandom()) },
    })
    const ids = await customers(shop, 30)
    const { code, stdout } = await orafi(
      `customers delete ${ids.join(' ')} --yes --json --retries 20`,
      shop.test,
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout).deleted).toEqual(ids)
    expect(shop.store.count).toBe(0)
  })

  test('who has spent since is left out, with exit 6', async () => {
    const shop = await openShop()
    const ids = await customers(shop, 2)
    let paid = false
    const { code, stdout } = await orafi(`customers delete ${ids.join(' ')}`, {
      ...shop.test,
      tty: ['stdin', 'stderr'],
      stdin: 'y\n',
      onOutput: ({ stderr }) => {
        if (paid || !stderr.includes('[y/N]')) return
        paid = true
        void pay(shop.store, ids[1] ?? '', 5)
      },
    })
    expect(code).toBe(6)
    expect(stdout).toBe(`${ids[0]}\n`)
    expect(shop.store.count).toBe(1)
  })

  test('Ctrl-C stops between two deletions and exits 130', async () => {
    const shop = await openShop()
    // More than the ten, and the 64 that may be running.
    const ids = await customers(shop, 90)
    const { code, stdout, stderr } = await orafi(`customers delete ${ids.join(' ')} --yes --json --debug`, {
      ...shop.test,
      onOutput: ({ stderr }, interrupt) => {
        if (stderr.split('DELETE').length > 10) interrupt()
      },
    })
    expect(code).toBe(130)
    const { deleted } = JSON.parse(stdout)
    expect(deleted.length).toBeGreaterThan(0)
    expect(deleted.length).toBeLessThan(90)
    expect(shop.store.count).toBe(90 - deleted.length)
    expect(stderr).toContain('not sent of 90')
  })
})

describe('the journal of a deletion', () => {
  test('holds the whole record, 0600, and is shown by runs', async () => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const id = await customer(shop)
    await orafi(`customers delete ${id} --yes`, { ...shop.test, home })
    const folder = join(home, 'state', 'runs')
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'))
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
    const text = await readFile(join(folder, file), 'utf8')
    expect(text).toContain('"email":"ada@x.example"')
    expect(text).not.toContain(shop.test.key)
    const listed = await orafi('runs list --json', { home })
    expect(JSON.parse(listed.stdout).data).toEqual([
      {
        run: file.replace('.ndjson', ''),
        when: expect.any(String),
        who: 'ada@shop-desk',
        command: 'delete',
        identity: `${shop.url} test env`,
        items: 1,
        done: 1,
      },
    ])
  })

  test('--no-journal keeps ids and outcomes alone', async () => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const id = await customer(shop)
    await orafi(`customers delete ${id} --yes --no-journal`, { ...shop.test, home })
    const folder = join(home, 'state', 'runs')
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'))
    const text = await readFile(join(folder, file), 'utf8')
    expect(text).not.toContain('ada@x.example')
    expect(text).toContain(id)
  })

  test('that cannot be written stops the command before anything is sent: exit 1', async () => {
    const shop = await openShop()
    const home = await temporaryFolder()
    const id = await customer(shop)
    await writeFile(join(home, 'state'), 'a file where the folder should be')
    const { code, stderr } = await orafi(`customers delete ${id} --yes`, { ...shop.test, home })
    expect(code).toBe(1)
    expect(stderr).toContain('state')
    expect(shop.store.count).toBe(1)
  })
})

describe('--ids-from', () => {
  test.each([
    ['one id a line', (ids: string[]) => `${ids.join('\n')}\n\n`],
    [
      'a header, blank lines and repeats',
      (ids: string[]) => `id\r\n${ids.join('\r\n\r\n')}\r\n${ids[0]}\r\n`,
    ],
    ['NDJSON', (ids: string[]) => ids.map((id) => JSON.stringify({ id, firstname: 'a,"b' })).join('\n')],
    [
      'CSV as spreadsheets write it',
      (ids: string[]) => `\uFEFFname,id\r\n${ids.map((id) => `"Obi, A","${id}"`).join('\r\n')}`,
    ],
  ])('reads %s', async (_form, write) => {
    const shop = await openShop()
    const ids = await customers(shop, 3)
    const file = join(await temporaryFolder(), 'ids')
    await writeFile(file, write(ids))
    const { code, stdout } = await orafi(`customers delete --ids-from ${file} --yes --json`, shop.test)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).deleted).toEqual(ids)
  })

  test('reads standard input for -', async () => {
    const shop = await openShop()
    const ids = await customers(shop, 2)
    const { code } = await orafi('customers delete --ids-from - --yes', {
      ...shop.test,
      stdin: ids.join('\n'),
    })
    expect(code).toBe(0)
    expect(shop.store.count).toBe(0)
  })

  test('a malformed id names its line and deletes nothing', async () => {
    const shop = await openShop()
    const ids = await customers(shop, 2)
    const stdin = `${ids[0]}\n${ids[1]} oops\n`
    const { code, stderr } = await orafi('customers delete --ids-from - --yes', { ...shop.test, stdin })
    expect(code).toBe(2)
    expect(stderr).toContain('line 2')
    expect(shop.store.count).toBe(2)
  })

  test('no ids left is exit 2, --yes or not', async () => {
    const shop = await openShop()
    expect((await orafi('customers delete --ids-from - --yes', { ...shop.test, stdin: '\n' })).code).toBe(2)
    expect((await orafi('customers delete --yes', shop.test)).code).toBe(2)
    expect((await orafi('customers delete --ids-from /nowhere/ids --yes', shop.test)).code).toBe(2)
  })
})
