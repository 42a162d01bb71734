import { setImmediate } from 'node:timers/promises'
import xterm from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import type { Customer } from '../../src/api/customer.ts'
import { ExactNumber } from '../../src/exact.ts'
import { many, one, report } from '../../src/output/result.ts'
import { widthOf } from '../../src/output/width.ts'
import { customer, customers, listed, printed, printerTo, stdoutOf } from './stdout.ts'

const tty = (columns: number, other: object = {}) => ({ isTTY: true, columns, ...other })

/** People with long and short names from many places. */
const people = [
  'Chukwuemeka Okonkwo',
  'Adébáyọ̀ Adésínà',
  '健太 高橋',
  'عمر حسن',
  'Oluwadamilọlá Akinwándé-Fátókun',
  '😀 🦄',
  'ሰላም በቀለ',
  'O Ng',
]
const shop = people.map((name, place) => {
  const [firstname, lastname] = name.split(' ')
  return customer(place + 1, {
    firstname,
    lastname,
    mode: place % 2 === 0 ? ['test'] : ['test', 'live'],
    totalSpent: place * 10.5,
  })
})

/** Pages that arrive one after the other. */
async function* pagesOf(...pages: readonly Customer[][]): AsyncGenerator<Customer> {
  for (const page of pages) {
    for (let turn = 0; turn < 4; turn += 1) await setImmediate()
    yield* page
  }
}

describe('a table on a terminal', () => {
  it('shows all columns if there is room, with dates as days', async () => {
    const text = await printed(listed([customer(1, { totalSpent: 12.5 })]), tty(200))
    expect(text).toBe(
      [
        'ID                         FIRST NAME  LAST NAME  EMAIL               MODE  SPENT  CREATED     UPDATED',
        'cmjr4c7qq0000v8hozkz00001  Melvin      Charles    melvin.1@orafi.app  test  12.50  2025-12-29  2026-01-02',
        '',
      ].join('\n'),
    )
  })

  it.each([
    ['0000-01-01T00:00:00.000Z', '0000-01-01'],
    ['0050-12-31T23:59:59Z', '0050-12-31'],
    ['0000-01-01T00:00:00+14:00', '-000001-12-31'],
    ['9999-12-31T23:59:59-14:00', '+010000-01-01'],
    ['2026-99-30T00:00:00Z', '2026-99-30T00:00:00Z'],
  ])('shows %s as the day %s', async (createdAt, day) => {
    const text = await printed(listed([customer(1, { createdAt, updatedAt: '' })]), tty(200))
    expect(text.trimEnd().endsWith(`  ${day}`)).toBe(true)
  })

  it.each([40, 60, 80, 100, 120, 200])(
    'shortens no id at %i columns, keeps the domain of e-mails, and is never wider',
    async (columns) => {
      const text = await printed(listed(shop), tty(columns))
      for (const { id, email } of shop) {
        expect(text).toContain(id)
        expect(text).toContain(columns === 60 ? '@orafi.app' : String(email))
      }
      for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    },
  )

  it('drops dates first, then mode, then shortens names to 6, then e-mails to 20, then drops names', async () => {
    const rows = shop.map((record) => ({ ...record, email: `somebody.${record.email}` }))
    const titles = async (columns: number) =>
      (await printed(listed(rows), tty(columns))).split('\n')[0]?.split(/ {2,}/)
    const named = ['ID', 'FIRST NAME', 'LAST NAME', 'EMAIL']
    expect(await titles(150)).toEqual([...named, 'MODE', 'SPENT', 'CREATED', 'UPDATED'])
    expect(await titles(128)).toEqual([...named, 'MODE', 'SPENT', 'CREATED'])
    expect(await titles(116)).toEqual([...named, 'MODE', 'SPENT'])
    expect(await titles(104)).toEqual([...named, 'SPENT'])
    expect(await titles(77)).toEqual(['ID', 'FIRST', 'LAST', 'EMAIL', 'SPENT'])
    expect(await printed(listed(rows), tty(72))).toContain('  Chukw…  Okonk…  someb…lvin.1@orafi.app  ')
    expect(await titles(69)).toEqual(['ID', 'FIRST', 'EMAIL', 'SPENT'])
    expect(await titles(61)).toEqual(['ID', 'EMAIL', 'SPENT'])
  })

  it('makes a block of lines of every record below 60 columns, and of none from 60 on', async () => {
    const text = await printed(listed([customer(1), customer(2, { mode: ['live'] })]), tty(59))
    expect(text).toBe(
      [
        'ID          cmjr4c7qq0000v8hozkz00001',
        'First name  Melvin',
        'Last name   Charles',
        'Email       melvin.1@orafi.app',
        'Mode        test',
        'Spent       0',
        'Created     2025-12-29',
        'Updated     2026-01-02',
        '',
        'ID          cmjr4c7qq0000v8hozkz00002',
        'First name  Melvin',
        'Last name   Charles',
        'Email       melvin.2@orafi.app',
        'Mode        LIVE',
        'Spent       0',
        'Created     2025-12-29',
        'Updated     2026-01-02',
        '',
      ].join('\n'),
    )
    for (const id of ['x'.repeat(60), 'x'.repeat(400)]) {
      expect(await printed(listed([customer(1, { id })]), tty(60))).toMatch(/^ID {2,}[^\n]*\nx/)
    }
  })

  it('keeps its layout beside an id of 400 characters, whose line is longer than the screen', async () => {
    const records = customers(4).map((record, place) =>
      place === 2 ? { ...record, id: 'x'.repeat(400) } : record,
    )
    const lines = (await printed(listed(records), tty(120))).split('\n')
    const usual = (await printed(listed(customers(4)), tty(120))).split('\n')
    expect(lines.filter((_, place) => place !== 3)).toEqual(usual.filter((_, place) => place !== 3))
    expect(lines[3]).toMatch(/^x{400} {2}Melvin {2}Charles {2}melvin.3@orafi.app {2}test {2}0 {2}2025/)
  })

  it('is not changed by one long e-mail, which is shortened in the middle', async () => {
    const long = `${'x'.repeat(50)}.bakare@yahoo.com`
    const records = customers(3).map((record, place) => (place === 1 ? { ...record, email: long } : record))
    expect(await printed(listed(records), tty(80))).toBe(
      [
        'ID                         FIRST   LAST    EMAIL                           SPENT',
        'cmjr4c7qq0000v8hozkz00001  Melvin  Charl…  melvin.1@orafi.app                  0',
        'cmjr4c7qq0000v8hozkz00002  Melvin  Charl…  xxxxxxxxx…xxx.bakare@yahoo.com      0',
        'cmjr4c7qq0000v8hozkz00003  Melvin  Charl…  melvin.3@orafi.app                  0',
        '',
      ].join('\n'),
    )
  })

  it('is aligned on a real screen, with wide characters and accents too', async () => {
    const shown = shop.filter(({ firstname }) => !/\p{Extended_Pictographic}/u.test(String(firstname)))
    const text = await printed(listed(shown), tty(120, { colour: true }))
    const terminal = new xterm.Terminal({ cols: 120, rows: 20, allowProposedApi: true, convertEol: true })
    await new Promise<void>((resolve) => terminal.write(text, resolve))
    const start = text.replaceAll(/\x1b\[\d+m/g, '').indexOf('EMAIL')
    for (const [place, { email }] of shown.entries()) {
      const line = terminal.buffer.active.getLine(place + 1)
      const cells = Array.from({ length: 120 }, (_, column) => line?.getCell(column)?.getChars() ?? '')
      expect(cells.slice(start).join('')).toMatch(new RegExp(`^${email}`))
    }
  })

  it('keeps the layout of the first page, with room for wider cells of later ones', async () => {
    const later = [
      customer(4, {
        email: 'somebody.with.a.long.address@orafi.app',
        mode: ['test', 'live'],
        totalSpent: 1234.5,
      }),
      customer(5, { firstname: 'Chukwuemeka', id: 'x'.repeat(40) }),
    ]
    const first = Array.from({ length: 100 }, () => customer(1))
    const lines = (await printed(many(pagesOf(first, later)), tty(140))).split('\n')
    expect([...lines.slice(0, 1), ...lines.slice(100)].join('\n')).toBe(
      [
        'ID                         FIRST NAME      LAST NAME       EMAIL                             MODE           SPENT  CREATED     UPDATED',
        'cmjr4c7qq0000v8hozkz00001  Melvin          Charles         melvin.1@orafi.app                test               0  2025-12-29  2026-01-02',
        'cmjr4c7qq0000v8hozkz00004  Melvin          Charles         somebody.w…ong.address@orafi.app  test,LIVE     1234.5  2025-12-29  2026-01-02',
        'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  Chukwuemeka  Charles  melvin.5@orafi.app           test               0  2025-12-29  2026-01-02',
        '',
      ].join('\n'),
    )
  })

  it('lets LIVE stand out, without colours too', async () => {
    const record = customer(1, { mode: ['test', 'live'] })
    expect(await printed(listed([record]), tty(200))).toContain('test,LIVE')
    const coloured = await printed(listed([record, customer(2)]), tty(200, { colour: true }))
    expect(coloured).toContain('\x1b[31m\x1b[1mtest,LIVE\x1b[22m\x1b[39m')
    expect(coloured).toContain('\x1b[2mtest\x1b[22m')
  })

  it('has no escape sequences without colour', async () => {
    expect(await printed(listed(shop), tty(80))).not.toContain('\x1b')
  })

  it('pads amounts with zeros to one number of decimals, and rounds none', async () => {
    const amounts = [0, 135.7, 5579.97, '30', 1e-7, new ExactNumber('123456789012345678901234567890')]
    const records = amounts.map((totalSpent, place) => customer(place, { totalSpent }))
    const text = await printed(listed(records), tty(80, { fields: ['totalSpent'] }))
    expect(text).toBe(
      [
        '                            SPENT',
        '                             0.00',
        '                           135.70',
        '                          5579.97',
        '                            30.00',
        '                             1e-7',
        '123456789012345678901234567890.00',
        '',
      ].join('\n'),
    )
  })

  it('makes control characters visible', async () => {
    const text = await printed(listed([customer(1, { firstname: '\x1b[2J', lastname: 'a\nb\tc' })]), tty(200))
    expect(text).toContain('\\x1b[2J     a\\x0ab\\x09c  ')
  })

  it('survives whatever an API may send', async () => {
    const odd = [
      null,
      undefined,
      7,
      true,
      {},
      [],
      [['x']],
      'not a date',
      '2025-13-45T99:99:99Z',
      '\u0301',
      '\u{f0000}\ue000',
      'x'.repeat(5_000),
    ]
    const records = odd.map((value, place) => ({
      ...customer(place),
      firstname: value,
      mode: value,
      totalSpent: value,
      createdAt: value,
    }))
    const text = await printed(listed(records), tty(80))
    for (const { id } of records) expect(text).toContain(id)
    expect(text).toContain('\u{f0000}')
  })

  it('shows the requested fields in their order and drops none', async () => {
    const text = await printed(
      listed([customer(1)]),
      tty(80, { fields: ['createdAt', 'mode', 'email', 'id'] }),
    )
    expect(text.split('\n')[0]).toBe('CREATED     MODE  EMAIL               ID')
  })

  it('prints nothing for an empty list', async () => {
    expect(await printed(listed([]), tty(80))).toBe('')
  })

  it('uses 80 columns if the width is unknown', async () => {
    for (const columns of [0, undefined]) {
      const stdout = stdoutOf({ isTTY: true, ...(columns === undefined ? {} : { columns }) })
      await printerTo(stdout).print(listed(shop))
      expect(stdout.text()).toBe(await printed(listed(shop), tty(80)))
    }
  })
})

describe('customers before a change', () => {
  const odd = [
    customer(1),
    customer(2, {
      firstname: 'Oluwadamilọlá',
      lastname: 'Akinwándé-Fátókun',
      email: 'temitope.bakare.the.second@yahoo.com',
      mode: ['test', 'live'],
      totalSpent: 0.1,
    }),
    customer(3, { firstname: '', lastname: '高橋高橋', mode: [], totalSpent: null }),
    customer(4, { totalSpent: new ExactNumber('123456789012345678901234567890'), mode: 'odd' }),
  ]

  it('are wrapped in their columns, and what makes the change dangerous is said', async () => {
    expect(await printed(listed(odd), tty(80, { preview: true }))).toBe(
      [
        'ID                         FIRST   LAST    EMAIL                 MODE      SPENT',
        'cmjr4c7qq0000v8hozkz00001  Melvin  Charle  melvin.1@orafi.app    test       0.00',
        '                                   s',
        'cmjr4c7qq0000v8hozkz00002  Oluwad  Akinwá  temitope.bakare.the.  test,     SPENT',
        '                           amilọl  ndé-    second@yahoo.com      LIVE       0.10',
        '                           á       Fátóku',
        '                                   n',
        'cmjr4c7qq0000v8hozkz00003          高橋高  melvin.3@orafi.app    NONE    UNKNOWN',
        '                                   橋',
        'cmjr4c7qq0000v8hozkz00004  Melvin  Charle  melvin.4@orafi.app    odd       SPENT',
        '                                   s           123456789012345678901234567890.00',
        '',
      ].join('\n'),
    )
  })

  it('wrap the mode before the names, and never an amount', async () => {
    const amounts = ['5.123456', '12345.123456']
    const records = amounts.map((totalSpent, place) =>
      customer(place + 1, {
        lastname: 'Анатольев',
        mode: ['test', 'live'],
        totalSpent: new ExactNumber(totalSpent),
      }),
    )
    const text = await printed(listed(records), tty(87, { preview: true, colour: true }))
    expect(text).toMatch(/Анатольев .*test,/)
    for (const columns of [60, 70, 87]) {
      const narrow = await printed(listed(records), tty(columns, { preview: true }))
      for (const amount of amounts) expect(narrow).toContain(amount)
      for (const line of narrow.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    }
  })

  it('are blocks below 60 columns, where they would be wrapped', async () => {
    const text = await printed(listed(odd), tty(59, { preview: true }))
    expect(text.match(/^ID {10}cmjr/gm)).toHaveLength(4)
    expect(text).toContain('\nSpent       SPENT 0.10\n')
  })

  it('stand out in colour', async () => {
    const text = await printed(listed(odd), tty(200, { preview: true, colour: true }))
    for (const word of ['test,LIVE', 'NONE', 'UNKNOWN', 'odd', '0.10'])
      expect(text).toContain(`\x1b[31m\x1b[1m${word}\x1b[22m\x1b[39m`)
    expect(text).not.toContain('SPENT 0')
  })

  it.each([60, 79, 120, 200])('lose no letter at %i columns', async (columns) => {
    const records = [
      ...odd,
      customer(5, { id: 'x'.repeat(400), email: `${'é'.repeat(64)}@${'b'.repeat(180)}.example` }),
    ]
    const text = await printed(listed(records), tty(columns, { preview: true }))
    for (const { id, firstname, lastname, email } of records) {
      for (const value of [id, firstname, lastname, email]) {
        const letters = [...String(value)].join('[^]*?')
        expect(text.slice(text.indexOf('\n'))).toMatch(new RegExp(letters))
      }
    }
    expect(text).not.toContain('…')
    // The line of an amount of 30 digits, which is not broken, may be longer.
    const lines = text.split('\n').filter((line) => !line.includes('1234567890'))
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns)
  })
})

describe('one customer on a terminal', () => {
  it('is a block with its full dates', async () => {
    expect(await printed(one(customer(1, { mode: ['live'], totalSpent: null })), tty(80))).toBe(
      [
        'ID          cmjr4c7qq0000v8hozkz00001',
        'First name  Melvin',
        'Last name   Charles',
        'Email       melvin.1@orafi.app',
        'Mode        LIVE',
        'Spent',
        'Created     2025-12-29T12:12:29.615Z',
        'Updated     2026-01-02T00:00:00.000Z',
        '',
      ].join('\n'),
    )
  })

  it('has every other field that the API sent, as compact JSON where it is nested', async () => {
    const record = customer(1, {
      note: 'a\x1bb',
      userCustomers: [{ createdAt: '2025-01-01' }],
      '\x1b': new ExactNumber('1.00'),
    })
    const text = await printed(one(record), tty(80))
    expect(text.split('\n').slice(8, -1)).toEqual([
      'note           a\\x1bb',
      'userCustomers  [{"createdAt":"2025-01-01"}]',
      '\\x1b           1.00',
    ])
    expect(await printed(one(record), tty(80, { fields: ['id'] }))).toBe('ID  cmjr4c7qq0000v8hozkz00001\n')
  })

  it('puts a value that is too wide below its label, whole', async () => {
    const email = 'somebody.with.a.long.address@orafi.app'
    const text = await printed(one(customer(1, { email })), tty(40, { fields: ['id', 'email'] }))
    expect(text).toBe(`ID     cmjr4c7qq0000v8hozkz00001\nEmail\n  ${email}\n`)
  })
})

describe('a report on a terminal', () => {
  const columns = [
    { key: 'run', title: 'RUN' },
    { key: 'items', title: 'ITEMS', align: 'right' as const },
  ]

  it('is a table with its titles', async () => {
    const rows = [
      { run: '20261124-081535-k3f9', items: '7' },
      { run: 'x', items: '1250' },
    ]
    expect(await printed(report({}, rows, columns), tty(80))).toBe(
      'RUN                   ITEMS\n20261124-081535-k3f9      7\nx                      1250\n',
    )
  })

  it('is blocks where it is too wide', async () => {
    expect(await printed(report({}, [{ run: 'x'.repeat(20), items: '7' }], columns), tty(20))).toBe(
      `RUN\n  ${'x'.repeat(20)}\nITEMS  7\n`,
    )
  })

  it('is keys and values where the columns have no titles', async () => {
    const rows = [
      { key: 'profile', value: 'default' },
      { key: 'base URL', value: 'https://api.orafi.app' },
    ]
    const untitled = [
      { key: 'key', title: '' },
      { key: 'value', title: '' },
    ]
    expect(await printed(report({}, rows, untitled), tty(20))).toBe(
      'profile   default\nbase URL  https://api.orafi.app\n',
    )
  })

  it('prints nothing where there are no rows', async () => {
    expect(await printed(report({}, [], columns), tty(80))).toBe('')
  })
})
