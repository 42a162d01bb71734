import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRateHeaders } from '../../src/api/pace.ts'
import { noon } from './answering.ts'

const date = new Date(noon).toUTCString()
const inHalfAMinute = new Date(noon + 30_000).toUTCString()

describe('when the window resets', () => {
  test.each([
    ['seconds from now', '30'],
    ['an epoch in seconds', String(noon / 1000 + 30)],
    ['an epoch in milliseconds', String(noon + 30_000)],
  ])('is read as %s', (_form, reset) => {
    expect(readRateHeaders({ date, 'x-ratelimit-reset': reset }, noon).resetIn).toBe(30_000)
  })

  test('is the same for all three forms, whatever the time of day and the wait', () => {
    const anyNow = fc.integer({ min: 1.7e9, max: 4e9 })
    fc.assert(
      fc.property(anyNow, fc.integer({ min: 0, max: 1e8 }), (now, seconds) => {
        const headers = { date: new Date(now * 1000).toUTCString() }
        for (const reset of [seconds, now + seconds, (now + seconds) * 1000]) {
          const read = readRateHeaders({ ...headers, 'x-ratelimit-reset': String(reset) }, 0)
          expect(read.resetIn).toBe(seconds * 1000)
        }
      }),
    )
  })

  test('an epoch is read against the Date of the answer, since our clock may be hours off', () => {
    const headers = { date, 'x-ratelimit-reset': String(noon / 1000 + 30) }
    expect(readRateHeaders(headers, noon + 7_200_000).resetIn).toBe(30_000)
    expect(readRateHeaders({ 'x-ratelimit-reset': String(noon / 1000 + 30) }, noon - 5000).resetIn).toBe(
      35_000,
    )
  })

  test('is distinguished by size alone', () => {
    const resetIn = (reset: string) => readRateHeaders({ 'x-ratelimit-reset': reset }, 0).resetIn
    expect(resetIn('999999999')).toBe(999_999_999_000)
    expect(readRateHeaders({ 'x-ratelimit-reset': '999999999' }, noon).resetIn).toBe(999_999_999_000)
    expect(readRateHeaders({ 'x-ratelimit-reset': '1000000000' }, noon).resetIn).toBe(1e12 - noon)
    expect(readRateHeaders({ 'x-ratelimit-reset': '99999999999' }, noon).resetIn).toBe(
      99_999_999_999_000 - noon,
    )
    expect(readRateHeaders({ 'x-ratelimit-reset': '100000000000' }, noon).resetIn).toBe(1e11 - noon)
  })

  test('may be past, which says that the window is over', () => {
    expect(readRateHeaders({ date, 'x-ratelimit-reset': String(noon / 1000 - 2) }, noon).resetIn).toBe(-2000)
  })
})

describe('when to try again', () => {
  test('is seconds or an HTTP date, that one too against the Date of the answer', () => {
    expect(readRateHeaders({ 'retry-after': '7' }, noon).retryIn).toBe(7000)
    expect(readRateHeaders({ 'retry-after': '0' }, noon).retryIn).toBe(0)
    expect(readRateHeaders({ date, 'retry-after': inHalfAMinute }, noon + 900_000).retryIn).toBe(30_000)
    expect(readRateHeaders({ 'retry-after': inHalfAMinute }, noon).retryIn).toBe(30_000)
  })

  test('is now, when the date is past', () => {
    expect(readRateHeaders({ date: inHalfAMinute, 'retry-after': date }, noon).retryIn).toBe(0)
  })

  test('is nothing that only looks like a date', () => {
    for (const text of ['2026-11-24T12:00:30Z', '24 Nov 2026', '2026', 'in Sat', 'Monday never']) {
      const { retryIn } = readRateHeaders({ date, 'retry-after': text }, noon)
      expect(retryIn, text).toBe(text === '2026' ? 2_026_000 : undefined)
    }
    // Nor is the Date of an answer: our own clock is taken then.
    expect(readRateHeaders({ date: '2030-01-01', 'retry-after': inHalfAMinute }, noon).retryIn).toBe(30_000)
  })

  test('is always a time that can be shown', () => {
    const { retryIn } = readRateHeaders({ 'retry-after': '999999999999999' }, noon)
    expect(new Date(noon + (retryIn ?? Number.NaN)).toISOString()).toBe('5195-10-09T21:46:40.000Z')
  })
})

test('each header is read from its own place', () => {
  const headers = {
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '7.5',
    'x-ratelimit-reset': '30',
    'retry-after': '9',
  }
  expect(readRateHeaders(headers, noon)).toEqual({
    limit: 100,
    remaining: 7.5,
    resetIn: 30_000,
    retryIn: 9000,
  })
})

test('whatever a server writes into the headers is read as a number or counts as absent', () => {
  const anyText = fc.oneof(
    fc.string(),
    fc.constantFrom('-1', '1e9', 'soon', '', 'NaN', '0x10', '3', '2.5', date),
  )
  fc.assert(
    fc.property(anyText, anyText, anyText, anyText, anyText, (limit, remaining, reset, retryAfter, day) => {
      const headers = {
        date: day,
        'x-ratelimit-limit': limit,
        'x-ratelimit-remaining': remaining,
        'x-ratelimit-reset': reset,
        'retry-after': retryAfter,
      }
      for (const value of Object.values(readRateHeaders(headers, noon))) {
        expect(value === undefined || Number.isFinite(value)).toBe(true)
      }
    }),
  )
  expect(readRateHeaders({ 'x-ratelimit-remaining': '-1', 'retry-after': 'soon' }, noon)).toEqual({
    limit: undefined,
    remaining: undefined,
    resetIn: undefined,
    retryIn: undefined,
  })
})
