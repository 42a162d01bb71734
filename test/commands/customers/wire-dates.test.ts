import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { created, forms, harmless, startApi } from '../../support/api.ts'
import { orafi, temporaryFolder } from '../../support/orafi.ts'

const dates = ['2025-03-01', '2025-06-01', '2025-09-01'].map((day) => `${day}T10:00:00.000Z`)

/** Three customers of one mailbox, the newest first in the list. */
function shop(form: (typeof forms)[number]): Record<string, unknown>[] {
  return dates
    .map((at, index) => ({
      id: `c_${index}`,
      firstname: 'Ada',
      lastname: 'Obi',
      email: 'ada@obi.example',
      mode: ['test'],
      totalSpent: 0,
      ...created(form, at),
    }))
    .reverse()
}

describe.each(forms)('with answers in the %s form', (form) => {
  test('the date filters answer what was asked', async () => {
    const { test: api } = await startApi(shop(form))
    const ids = async (flags: string): Promise<string> =>
      (await orafi(`customers list --all --fields id ${flags}`, api)).stdout.trim().replaceAll('\n', ' ')
    expect(await ids('--created-after 2020-01-01')).toBe('c_2 c_1 c_0')
    expect(await ids('--created-after 2025-06-01T10:00:00Z')).toBe('c_2 c_1')
    expect(await ids('--created-before 2025-06-01T10:00:00Z')).toBe('c_0')
    expect(await ids('--created-after 2025-04-01 --created-before 2025-07-01')).toBe('c_1')
  })

  test.each([
    ['oldest', 'c_0'],
    ['newest', 'c_2'],
    ['most-spent', 'c_0'],
  ])('duplicates --keep %s keeps %s and proposes the others', async (rule, keeper) => {
    const { test: api } = await startApi(shop(form))
    const { stdout } = await orafi(`customers duplicates --keep ${rule} --json`, api)
    const { groups } = JSON.parse(stdout)
    expect(groups).toHaveLength(1)
    expect(groups[0].keep.id).toBe(keeper)
    expect(groups[0].delete.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      ['c_0', 'c_1', 'c_2'].filter((id) => id !== keeper),
    )
    expect(groups[0].keep.createdAt).toBe(dates[Number(keeper.slice(2))])
  })

  test('customers in JSON begin with the documented fields, their date filled in, and keep everything else', async () => {
    const { test: api, records } = await startApi([{ note: { a: [1] }, ...shop(form)[0] }])
    const first = ['id', 'firstname', 'lastname', 'email', 'mode', 'totalSpent', 'createdAt', 'updatedAt']
    const sent = [...records.values()][0]
    for (const line of ['customers list --json', 'customers find ada --json', 'customers list --ndjson']) {
      const { stdout } = await orafi(line, api)
      const parsed = JSON.parse(stdout)
      const customer = parsed.data?.[0] ?? parsed
      expect(Object.keys(customer).slice(0, 8)).toEqual(first)
      expect(customer).toEqual({ ...sent, createdAt: dates[2], updatedAt: sent?.updatedAt ?? null })
    }
    const { stdout } = await orafi('customers get c_2 --json', api)
    expect(Object.keys(JSON.parse(stdout)).slice(0, 8)).toEqual(first)
    expect(JSON.parse(stdout).createdAt).toBe(dates[2])
  })

  test('--fields, CSV and TSV have the date too', async () => {
    const { test: api } = await startApi(shop(form).slice(0, 1))
    const updated = form === 'object' ? dates[2] : ''
    expect((await orafi('customers list --fields createdAt,id', api)).stdout).toBe(`${dates[2]}\tc_2\n`)
    expect((await orafi('customers list --json --fields updatedAt,createdAt', api)).stdout).toBe(
      `{"data":[{"updatedAt":${updated === '' ? 'null' : `"${updated}"`},"createdAt":"${dates[2]}"}],"hasNextPage":false,"nextCursor":null}\n`,
    )
    const row = ['c_2', 'Ada', 'Obi', 'ada@obi.example', 'test', '0', dates[2], updated]
    expect((await orafi('customers get c_2', api)).stdout).toBe(`${row.join('\t')}\n`)
    expect((await orafi('customers list --csv', api)).stdout).toContain(`\r\n${row.join(',')}\r\n`)
  })

  test('a table has the column of dates that there are, and no empty one', async () => {
    const { test: api } = await startApi(shop(form))
    const { stdout } = await orafi('customers list', {
      ...api,
      env: { NO_COLOR: '1' },
      tty: true,
      columns: 120,
    })
    expect(stdout).toMatch(form === 'object' ? /CREATED {5}UPDATED\n/ : /CREATED\n/)
    expect(stdout.match(/2025-0[369]-01/g)).toHaveLength(form === 'object' ? 6 : 3)
    const { stdout: block } = await orafi('customers get c_0', { ...api, tty: true })
    expect(block).toContain(dates[0])
    expect(block.includes('Updated')).toBe(form === 'object')
  })

  test('an export filtered by date has the matching customers, with the date', async () => {
    const { test: api } = await startApi(shop(form))
    const file = join(await temporaryFolder(), 'out.csv')
    const { code } = await orafi(['customers', 'export', file, '--created-after', '2025-08-01'], api)
    expect(code).toBe(0)
    const lines = (await readFile(file, 'utf8')).trim().split('\r\n')
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^c_2,.*,2025-09-01T10:00:00\.000Z,/)])
  })

  test('what was imported can be undone, since the answer to a create and to a get agree', async () => {
    const api = await startApi()
    const home = await temporaryFolder()
    const file = join(home, 'in.csv')
    await writeFile(file, 'firstname,lastname,email\nAda,Obi,ada@obi.example\nBola,Eze,bola@eze.example\n')
    const imported = await orafi(['customers', 'import', file, '--yes', '--json'], { ...api.test, home })
    expect(imported).toMatchObject({ code: 0 })
    const { run } = JSON.parse(imported.stdout)
    // Whichever form a later answer has.
    for (const [id, { userCustomers: _, ...record }] of api.records)
      api.records.set(id, { ...record, ...created(form, '2026-03-01T12:00:00.000Z') })
    const undone = await orafi(`runs undo ${run} --yes --json`, { ...api.test, home })
    expect(undone).toMatchObject({ code: 0 })
    expect(JSON.parse(undone.stdout).deleted).toEqual(['new_1', 'new_2'])
    expect(api.records.size).toBe(0)
  })

  test('a plan is applied although a date is sent in the other form meanwhile', async () => {
    const api = await startApi(shop(form))
    const home = await temporaryFolder()
    const plan = join(home, 'plan.json')
    const planned = await orafi(['customers', 'duplicates', '--keep', 'newest', '--plan', plan], {
      ...api.test,
      home,
    })
    expect(planned).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(plan, 'utf8')).version).toBe(3)
    const other = form === 'object' ? 'documented' : 'object'
    for (const { id, ...record } of shop(other)) api.records.set(String(id), { id, ...record })
    const applied = await orafi(['customers', 'delete', '--plan', plan, '--yes', '--json'], {
      ...api.test,
      home,
    })
    expect(applied).toMatchObject({ code: 0 })
    expect([...api.records.keys()]).toEqual(['c_2'])
  })
})

describe('a record of unknown date', () => {
  const unknown = [
    ['without any', {}],
    ['with an empty list of links', { userCustomers: [] }],
    ['with what is no list', { userCustomers: '2025-01-01' }],
    ['with an impossible date', { userCustomers: [{ createdAt: '2025-02-30' }] }],
    [
      'with an impossible date at the top',
      { createdAt: 'yesterday', userCustomers: [{ createdAt: dates[0] }] },
    ],
  ] as const

  test.each(unknown)('makes a filter by date unanswerable, and is named: %s', async (_what, fields) => {
    const { test: api } = await startApi([
      harmless('c_1'),
      { ...harmless('c_odd'), userCustomers: undefined, ...fields },
    ])
    for (const line of [
      'customers list --created-after 2020-01-01 --all --json',
      'customers list --created-before 2030-01-01 --json',
      'customers find c_odd --created-after 2020-01-01 --json',
      'customers duplicates --created-after 2020-01-01 --json',
    ]) {
      const { code, stderr } = await orafi(line, api)
      expect(code).toBe(1)
      const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '')
      expect(error.code).toBe('api_error')
      expect(error.message).toContain('customer c_odd ')
    }
  })

  test('is no obstacle to a search that it does not match', async () => {
    const { test: api } = await startApi([harmless('c_1'), { ...harmless('c_odd'), userCustomers: [] }])
    const { code, stdout } = await orafi('customers find c_1@ --created-after 2020-01-01 --fields id', api)
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'c_1\n' })
  })

  test('behind as many as were asked for is no obstacle; more may wait there', async () => {
    const { test: api } = await startApi([harmless('c_1'), { ...harmless('c_odd'), userCustomers: [] }])
    const { code, stdout } = await orafi('customers list --created-after 2020-01-01 --limit 1 --json', api)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ data: [{ id: 'c_1' }], hasNextPage: true, nextCursor: null })
  })

  test('stops an export by date with nothing in place', async () => {
    const { test: api } = await startApi([{ ...harmless('c_odd'), userCustomers: [] }])
    const folder = await temporaryFolder()
    const file = join(folder, 'out.csv')
    const { code, stderr } = await orafi(['customers', 'export', file, '--created-after', '2020-01-01'], api)
    expect(code).toBe(1)
    expect(stderr).toContain('customer c_odd ')
    await expect(readFile(file)).rejects.toThrow()
  })

  test('is shown with what is known of it', async () => {
    const { test: api } = await startApi([
      { ...harmless('c_odd'), userCustomers: [], createdAt: 'yesterday' },
    ])
    expect(JSON.parse((await orafi('customers get c_odd --json', api)).stdout)).toMatchObject({
      createdAt: 'yesterday',
      updatedAt: null,
    })
    const made = await orafi('customers create --firstname A --lastname B --email a@b.example --json', api)
    expect(JSON.parse(made.stdout)).toMatchObject({ createdAt: null, updatedAt: null })
    const table = await orafi('customers create --firstname A --lastname B --email a@b.example', {
      ...api,
      tty: ['stdout'],
    })
    expect(table.stdout).not.toMatch(/Created|Updated/)
  })

  test('leaves whom to keep to a person, with the reason', async () => {
    const { test: api } = await startApi(
      ['c_1', 'c_2'].map((id) => harmless(id, { email: 'ada@obi.example', userCustomers: [] })),
    )
    for (const [flags, reason] of [
      ['', 'cannot tell which is the oldest'],
      ['--keep oldest', 'creation dates are unknown or equal'],
      ['--keep newest', 'creation dates are unknown or equal'],
    ]) {
      const { stdout } = await orafi(`customers duplicates ${flags}`, api)
      expect(stdout).toContain(`review\tc_2`)
      expect(stdout).toContain(reason)
      expect(stdout).not.toContain('delete')
    }
  })
})

test('a CSV of our own without dates holds no date that is empty', async () => {
  const { test: api } = await startApi(
    ['cmjr4c7qq0000v8hozkzz4em5', 'cmjr4c7qz0000v8hozkzz4em5'].map((id) =>
      harmless(id, { email: 'ada@obi.example', userCustomers: [] }),
    ),
  )
  const file = join(await temporaryFolder(), 'out.csv')
  expect((await orafi(['customers', 'export', file], api)).code).toBe(0)
  const { stdout } = await orafi(['customers', 'duplicates', '--from', file, '--json'])
  const [group] = JSON.parse(stdout).groups
  expect(group.keep).toMatchObject({ id: 'cmjr4c7qq0000v8hozkzz4em5', createdAt: null, updatedAt: null })
  expect(group.delete).toHaveLength(1)
})
