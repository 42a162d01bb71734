import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openAccount } from '../support/account.ts'
import { harmless, startApi } from '../support/api.ts'
import { orafi } from '../support/orafi.ts'

const records = ['Ada', 'Bo'].map((firstname, index) => ({
  id: `c_${index}`,
  firstname,
  lastname: 'Obi',
  email: `${firstname}.${'x'.repeat(40)}@shop.example`,
  mode: ['test'],
  totalSpent: index * 12.5,
}))

describe('--table', () => {
  test.each([
    ['customers list', 'ID   FIRST'],
    ['customers find obi', 'ID   FIRST'],
    ['customers get c_0 c_1', 'ID   FIRST'],
    ['customers get c_0', 'ID          c_0\n'],
    ['customers export', 'ID   FIRST'],
    ['customers list --fields email,id', 'EMAIL '],
    ['customers duplicates --match likely', ''],
    ['commands', 'COMMAND '],
    ['whoami', 'profile '],
    ['whoami --all', 'PROFILE '],
    ['runs list', ''],
  ])('prints in a pipe what %s prints on a terminal of COLUMNS', async (line, start) => {
    const account = await openAccount(records)
    for (const columns of [70, 200]) {
      const env = { NO_COLOR: '1', COLUMNS: String(columns) }
      const piped = await orafi(`${line} --table`, { ...account, env })
      const shown = await orafi(line, { ...account, tty: ['stdout'], columns, env })
      const steady = (text: string): string => text.replace(/\S*orafi-test-\S+/g, '')
      expect(piped.code).toBe(0)
      expect(steady(piped.stdout)).toBe(steady(shown.stdout))
      expect(piped.stdout.startsWith(start)).toBe(true)
    }
  })

  test.each(['0', 'abc', '-5', '', '1e9', '80'])('is 80 wide if COLUMNS is %j', async (COLUMNS) => {
    const account = await openAccount(records)
    const { stdout } = await orafi('customers list --table', { ...account, env: { COLUMNS } })
    expect(stdout.split('\n')[1]).toBe(
      'c_0  Ada    Obi   Ada.xxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxx@shop.example   0.00',
    )
  })

  test('has colour only with FORCE_COLOR', async () => {
    const account = await openAccount(records)
    const plain = await orafi('customers list --table', account)
    const forced = await orafi('customers list --table', { ...account, env: { FORCE_COLOR: '1' } })
    expect(plain.stdout).not.toContain('\x1b')
    expect(forced.stdout.replaceAll(/\x1b\[\d+m/g, '')).toBe(plain.stdout)
    expect(forced.stdout).not.toBe(plain.stdout)
  })

  test.each([
    ['customers list --table --json', '--json and --table cannot be used together'],
    ['customers list --csv --table', '--csv and --table cannot be used together'],
    ['customers list --ndjson --table', '--ndjson and --table cannot be used together'],
    [
      'customers export a.csv --table',
      '--table is for standard output: the file name decides the format of FILE',
    ],
    ["customers list --table --delimiter ';'", '--delimiter is only for CSV'],
  ])('excludes the other formats: %s', async (line, message) => {
    const account = await openAccount(records)
    const { code, stdout, stderr } = await orafi(line, account)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  test('ends quietly when its reader does, and prints nothing for no rows', async () => {
    const account = await openAccount(records)
    expect((await orafi('customers list --table', { ...account, closeAfter: 1 })).code).toBe(0)
    expect(await orafi('customers list --table', await openAccount([]))).toMatchObject({
      code: 0,
      stdout: '',
    })
  })
})

test('a space at the end of a cell does not move the columns before a change', async () => {
  const spaced = records.map((record, index) => ({
    ...record,
    totalSpent: 0,
    lastname: ['Obi ', 'Obi'][index],
  }))
  const account = await openAccount(spaced)
  const { stderr } = await orafi('customers delete c_0 c_1 --dry-run', {
    ...account,
    tty: true,
    columns: 200,
  })
  const places = stderr.split('\n').flatMap((line) => (line.startsWith('c_') ? [line.indexOf('@')] : []))
  expect(places[1]).toBe((places[0] ?? 0) - 1)
})

test('duplicates fit 60 columns: names are dropped last', async () => {
  const account = await openAccount(
    records.map((record) => ({
      ...record,
      id: `cmjr4c7qq0000v8hozkzz4e${record.totalSpent > 0 ? 5 : 0}`,
      email: records[0]?.email,
      totalSpent: record.totalSpent > 0 ? 5 : 0,
    })),
  )
  const { stdout } = await orafi('customers duplicates', {
    ...account,
    tty: true,
    columns: 60,
    env: { NO_COLOR: '1' },
  })
  expect(stdout).toMatch(/^keep .*shop\.example +5$/m)
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(60)
})

test('a listing in pages leaves room for larger amounts than those of its first page', async () => {
  const people = Array.from({ length: 150 }, (_, index) => ({
    ...records[0],
    id: `cmjr4c7qq0000v8hozkzz${1000 + index}`,
    firstname: 'Maximiliana',
    lastname: 'Hohenzollern',
    mode: ['test'],
    totalSpent: index < 140 ? 0 : 12345.25,
  }))
  const account = await openAccount(people)
  const { stdout } = await orafi('customers list --all', {
    ...account,
    tty: true,
    columns: 80,
    env: { NO_COLOR: '1' },
  })
  expect(stdout).toContain(' 12345.25\n')
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
})

test('an unknown mode wraps before a change', async () => {
  const odd = { firstname: 'Maximiliana', lastname: 'Hohenzollern', mode: ['unknownmode'], totalSpent: null }
  const account = await openAccount(
    records.map((record, index) => ({ ...record, ...odd, id: `cmjr4c7qq0000v8hozkzz4em${index}` })),
  )
  const { stderr } = await orafi(
    'customers delete cmjr4c7qq0000v8hozkzz4em0 cmjr4c7qq0000v8hozkzz4em1 --dry-run',
    { ...account, tty: true, columns: 80, env: { NO_COLOR: '1' } },
  )
  expect(stderr).toMatch(/ unkno +UNKNOWN\n.* wnmod\n.* e\n/)
  expect(Math.max(...stderr.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
})

describe('the table of a search', () => {
  const wanted = harmless('cmktd9dva000047sr8nh7i8ow', {
    firstname: 'Kwame',
    lastname: 'Agyeman',
    email: 'kwame.agyeman@gmail.com',
  })
  const others = (count: number) => Array.from({ length: count }, (_, place) => harmless(`c_${place}`))
  const line = 'customers find kwame agyeman'
  const terminal = { tty: ['stdout'], columns: 80, env: { NO_COLOR: '1' } } as const

  test('is the same if the pages after the match arrive late', async () => {
    const api = await startApi([wanted, ...others(300)])
    const atOnce = await orafi(line, { ...api.test, ...terminal })
    api.instead = async ({ query }) => {
      if (query.get('cursor') !== null) await setTimeout(20)
      return undefined
    }
    const late = await orafi(line, { ...api.test, ...terminal })
    expect(late.stdout).toBe(atOnce.stdout)
    expect(late.stdout).toMatch(/^ID .* MODE {2}SPENT\n.* test {6}0\n$/)
  })

  test('shows a match while a large account is still being read', async () => {
    const api = await startApi([wanted, ...others(1_500)])
    let shown = ''
    let finished: Promise<unknown> | undefined
    const seen = new Promise<void>((resolve) => {
      // The last page is sent only once the match is on the screen.
      api.instead = async ({ query }) => {
        if (query.get('cursor') === '1500') await seen
        return undefined
      }
      finished = orafi(line, {
        ...api.test,
        ...terminal,
        onOutput: ({ stdout }) => {
          shown = stdout
          if (stdout !== '') resolve()
        },
      })
    })
    await seen
    await finished
    expect(shown).toMatch(/^ID .*\ncmktd9dva000047sr8nh7i8ow {2}Kwame .*\n$/)
  })

  test('is chosen from all rows of the page with the first match, however late in a large account', async () => {
    const long = harmless('cmktd9dva000047sr8nh7i8oy', {
      firstname: 'Kwame Maximilian',
      lastname: 'Agyeman-Hohenzollern',
      email: 'kwame@gmail.com',
    })
    const api = await startApi([...others(1_250), wanted, long, ...others(300)])
    const { stdout } = await orafi(line, { ...api.test, ...terminal, columns: 120 })
    expect(stdout).toContain('  Kwame Maximilian  Agyeman-Hohenzollern  ')
  })

  test('fits the terminal as it is when the first rows are drawn', async () => {
    const api = await startApi([wanted, ...others(300)])
    const narrow = await orafi(line, { ...api.test, ...terminal, columns: 60 })
    let columns = 200
    api.instead = ({ query }) => {
      if (query.get('cursor') !== null) columns = 60
      return undefined
    }
    const resized = await orafi(line, { ...api.test, ...terminal, columns: () => columns })
    expect(resized.stdout).toBe(narrow.stdout)
  })
})

test.each(['customers list --limit 100', 'customers list --all', 'customers find shop', 'customers export'])(
  'leaves no room for later rows if the table has exactly as many as decide its layout: %s',
  async (line) => {
    const people = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...records[0],
        id: `cmjr4c7qq0000v8hozkzz${1000 + index}`,
        email: 'ada@shop.example',
      }))
    const circumstances = { tty: ['stdout'], columns: 80, env: { NO_COLOR: '1' } } as const
    const account = await openAccount(people(100))
    const { stdout } = await orafi(line, { ...account, ...circumstances })
    const fewer = await orafi('customers list --all', {
      ...(await openAccount(people(99))),
      ...circumstances,
    })
    expect(stdout.split('\n')[0]).toBe(fewer.stdout.split('\n')[0])
  },
)
