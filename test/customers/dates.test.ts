import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createdWithin, parseIsoDate } from '../../src/customers/dates.ts'

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
  for (const odd of [{ toString: 1 }, [null], 55, null, undefined, ''])
    expect(within(created(odd))).toBe(false)
})
