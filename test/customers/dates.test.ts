import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createdAtOf,
  createdTimeOf,
  createdWithin,
  cuidTimeOf,
  parseIsoDate,
} from '../../src/customers/dates.ts'

describe('an ISO date', () => {
  test('of any year from 0000 to 9999 is what Date writes for it', () => {
    const first = Date.parse('0000-01-01T00:00:00.000Z')
    const last = Date.parse('9999-12-31T23:59:59.999Z')
    const times = fc.oneof(
      fc.integer({ min: first, max: last }),
      fc.integer({ min: first, max: Date.parse('0100-01-02T00:00:00.000Z') }),
    )
    fc.assert(
      fc.property(times, (time) => {
        const iso = new Date(time).toISOString()
        expect(parseIsoDate(iso)).toBe(time)
        expect(parseIsoDate(iso.slice(0, 10))).toBe(Date.parse(iso.slice(0, 10)))
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['0000-02-29', '0000-02-29T00:00:00.000Z'],
    ['0050-01-01', '0050-01-01T00:00:00.000Z'],
    ['0099-12-31 23:59', '0099-12-31T23:59:00.000Z'],
    ['0000-01-01T00:00+14:00', '-000001-12-31T10:00:00.000Z'],
    ['2026-01-31T12:00:00,5+0130', '2026-01-31T10:30:00.500Z'],
    ['2026-01-31T12:00:00.9999Z', '2026-01-31T12:00:00.999Z'],
    ['2026-01-31T12:00:00.04-02', '2026-01-31T14:00:00.040Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseIsoDate(text)).toBe(Date.parse(iso))
  })

  test.each([
    '0050-02-29',
    '0000-00-01',
    '0000-01-00',
    '2026-02-30',
    '2026-13-01',
    '50-01-01',
    '2026-01-01T24:00',
    '2026-01-01T12:60',
    '2026-01-01T12:00:60',
    '2026-01-01T12:00+15:00',
    '+012026-01-01',
    '-000001-01-01',
    '',
  ])('is not %j', (text) => {
    expect(parseIsoDate(text)).toBeUndefined()
  })
})

test('customers of the first centuries are within bounds as others are', () => {
  const created = (createdAt: unknown) => ({ id: 'c_1', createdAt })
  const within = createdWithin({ after: parseIsoDate('0050-01-01'), before: parseIsoDate('0060-01-01') })
  expect(within(created('0055-06-01T12:00:00.000Z'))).toBe(true)
  expect(within(created('0050-01-01T00:00:00.000Z'))).toBe(true)
  expect(within(created('0060-01-01T00:00:00.000Z'))).toBe(false)
  expect(within(created('1955-06-01T12:00:00.000Z'))).toBe(false)
})

const day = (date: number) => `2026-01-0${date}T00:00:00.000Z`
const links = (...dates: unknown[]) => dates.map((createdAt) => ({ createdAt }))

describe('the creation date', () => {
  test.each<[string, object, unknown, string | undefined]>([
    ['at the top', { createdAt: day(2) }, day(2), day(2)],
    [
      'at the top, whatever the links say',
      { createdAt: day(2), userCustomers: links(day(1)) },
      day(2),
      day(2),
    ],
    ['of the only link', { userCustomers: links(day(1)) }, day(1), day(1)],
    ['of a link where the top is null', { createdAt: null, userCustomers: links(day(1)) }, day(1), day(1)],
    ['the earliest link', { userCustomers: links(day(3), day(1), day(2)) }, day(1), day(1)],
    [
      'the earliest link by time, not by letters',
      { userCustomers: links('2026-01-02T00:30:00+02:00', '2026-01-01T23:00:00Z') },
      '2026-01-02T00:30:00+02:00',
      '2026-01-01T22:30:00.000Z',
    ],
    [
      'a link without a date beside one that has it',
      { userCustomers: [{}, ...links(day(1), null)] },
      day(1),
      day(1),
    ],
    [
      'impossible at the top',
      { createdAt: '2026-02-30', userCustomers: links(day(1)) },
      '2026-02-30',
      undefined,
    ],
    ['a number at the top', { createdAt: 1767225600000 }, 1767225600000, undefined],
    ['empty at the top', { createdAt: '' }, '', undefined],
    ['an impossible link', { userCustomers: links('2026-02-30') }, null, undefined],
    ['an impossible link beside a good one', { userCustomers: links(day(1), 'soon') }, null, undefined],
    ['of a link that is a number', { userCustomers: links(1767225600000) }, null, undefined],
    ['none in an empty list', { userCustomers: [] }, null, undefined],
    ['none in what is no list', { userCustomers: { createdAt: day(1) } }, null, undefined],
    ['none in a text', { userCustomers: day(1) }, null, undefined],
    [
      'none in links that are none',
      { userCustomers: [null, 7, 'x', [day(1)], { createdAt: null }] },
      null,
      undefined,
    ],
    ['nowhere', {}, null, undefined],
  ])('%s', (_what, fields, shown, decided) => {
    const customer = { id: 'c_1', ...fields }
    expect(createdAtOf(customer)).toEqual(shown)
    expect(createdTimeOf(customer)).toBe(decided === undefined ? undefined : Date.parse(decided))
  })

  test('never crashes, and is never decided by unless it can be shown', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constant(day(1)),
      fc.array(fc.record({ createdAt: fc.jsonValue() })),
    )
    fc.assert(
      fc.property(anything, anything, (createdAt, userCustomers) => {
        const customer = { id: 'c_1', createdAt, userCustomers }
        if (createdTimeOf(customer) !== undefined) expect(createdAtOf(customer)).toEqual(expect.any(String))
      }),
    )
  })

  test('that is unknown makes a filter by date unanswerable', () => {
    const within = createdWithin({ after: 0 })
    expect(() => within({ id: 'c_\x1b1', userCustomers: [] })).toThrow(
      expect.objectContaining({ code: 'api_error', message: expect.stringContaining('customer c_\\x1b1 ') }),
    )
  })
})

test('the time inside an id is that of a cuid, and of nothing else', () => {
  expect(cuidTimeOf({ id: 'cmjr4c7qq0000v8hozkzz4em5' })).toBe(Date.parse('2025-12-29T12:12:29.618Z'))
  const first = Date.parse('2012-01-01T00:00:00.000Z')
  const idOf = (time: number): string => `c${time.toString(36).padStart(8, '0')}0000v8hozkzz4em5`
  expect([first - 1, first].map((time) => cuidTimeOf({ id: idOf(time) }))).toEqual([undefined, first])
  for (const id of [
    'c_1',
    'cmjr4c7qq0000v8hozkzz4em',
    'Cmjr4c7qq0000v8hozkzz4em5',
    'c000000000000v8hozkzz4em5',
  ])
    expect(cuidTimeOf({ id })).toBeUndefined()
})
