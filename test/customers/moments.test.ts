import { expect, test } from 'vitest'
import { parseAge, parseMoment } from '../../src/customers/moments.ts'

/** A Sunday. */
const now = Date.parse('2026-03-01T12:30:00.000Z')

test.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T12:00+02:00', '2026-01-31T10:00:00.000Z'],
  ['2026-09', '2026-09-01T00:00:00.000Z'],
  ['2026/9/1', '2026-09-01T00:00:00.000Z'],
  ['20260901', '2026-09-01T00:00:00.000Z'],
  ['2026', '2026-01-01T00:00:00.000Z'],
  ['2026-Q3', '2026-07-01T00:00:00.000Z'],
  ['1 Sep 2026', '2026-09-01T00:00:00.000Z'],
  ['1st September 2026', '2026-09-01T00:00:00.000Z'],
  ['Sept 1, 2026', '2026-09-01T00:00:00.000Z'],
  ['may 2026', '2026-05-01T00:00:00.000Z'],
  ['1767225600', '2026-01-01T00:00:00.000Z'],
  ['@1767225600', '2026-01-01T00:00:00.000Z'],
  ['1767225600000', '2026-01-01T00:00:00.000Z'],
  ['now', '2026-03-01T12:30:00.000Z'],
  ['Today', '2026-03-01T00:00:00.000Z'],
  ['yesterday', '2026-02-28T00:00:00.000Z'],
  ['this week', '2026-02-23T00:00:00.000Z'],
  ['last week', '2026-02-16T00:00:00.000Z'],
  ['last month', '2026-02-01T00:00:00.000Z'],
  ['last year', '2025-01-01T00:00:00.000Z'],
  ['saturday', '2026-02-28T00:00:00.000Z'],
  ['sunday', '2026-02-22T00:00:00.000Z'],
  ['last Monday', '2026-02-23T00:00:00.000Z'],
  ['7d', '2026-02-22T12:30:00.000Z'],
  ['-7d', '2026-02-22T12:30:00.000Z'],
  ['P7D', '2026-02-22T12:30:00.000Z'],
  ['3 days ago', '2026-02-26T12:30:00.000Z'],
  ['  3  Days ', '2026-02-26T12:30:00.000Z'],
  ['a week ago', '2026-02-22T12:30:00.000Z'],
  ['last 2 weeks', '2026-02-15T12:30:00.000Z'],
  ['36h', '2026-02-28T00:30:00.000Z'],
  ['90 minutes ago', '2026-03-01T11:00:00.000Z'],
  ['1y', '2025-03-01T12:30:00.000Z'],
  ['3 months ago', '2025-12-01T12:30:00.000Z'],
  ['99999y', '0000-01-01T00:00:00.000Z'],
])('%s is %s', (text, iso) => {
  const time = parseMoment(text)?.at(now)
  expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(iso)
})

test('a month before the 31st is the last day of a shorter month', () => {
  const end = Date.parse('2026-03-31T08:00:00.000Z')
  expect(parseMoment('1 month ago')?.at(end)).toBe(Date.parse('2026-02-28T08:00:00.000Z'))
})

test.each([
  '',
  '7',
  '6m',
  '01/09/2026',
  '01.09.2026',
  '2026-02-30',
  '2026-13',
  '31 Feb 2026',
  'soon',
  'ago',
  'd',
  'constructor',
])('%j is no time', (text) => {
  expect(parseMoment(text)).toBeUndefined()
})

test('an age is no date and no word', () => {
  expect(parseAge('90d')?.at(now)).toBe(parseMoment('90d')?.at(now))
  for (const text of ['2026', '2026-01-01', 'yesterday', '1767225600']) expect(parseAge(text)).toBeUndefined()
})
