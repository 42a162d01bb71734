import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Failure } from '../../src/api/attempt.ts'
import { type Attempt, delay, reasonToRetry } from '../../src/api/failures.ts'

const unreached: Failure = { kind: 'unreached', permanent: false }
const lost: Failure = { kind: 'lost' }
const status = (code: number): Failure => ({ kind: 'status', status: code })
const retries = (method: Attempt['method'], failure: Failure) =>
  reasonToRetry({ method, number: 1, retries: 3, failure }) !== undefined

const anyStatus = fc.integer({ min: 300, max: 599 })
const anyFailure = fc.oneof(fc.constant(unreached), fc.constant(lost), anyStatus.map(status))
const anyMethod = fc.constantFrom<Attempt['method'][]>('GET', 'POST', 'DELETE')

describe('whether a request is sent again', () => {
  test.each(['GET', 'DELETE'] as const)('a %s is, on whatever may pass by itself', (method) => {
    for (const failure of [unreached, lost, ...[429, 500, 502, 503, 504].map(status)]) {
      expect(retries(method, failure), JSON.stringify(failure)).toBe(true)
    }
  })

  test('a create is only when it never reached the API, or answered 429', () => {
    expect(retries('POST', unreached)).toBe(true)
    expect(retries('POST', status(429))).toBe(true)
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(lost), anyStatus.filter((code) => code !== 429).map(status)),
        (failure) => {
          expect(retries('POST', failure)).toBe(false)
        },
      ),
    )
  })

  test('nothing is on a redirect, nor on a 4xx but 429, nor on a 5xx that will not pass', () => {
    fc.assert(
      fc.property(anyMethod, anyStatus, (method, code) => {
        fc.pre(![429, 500, 502, 503, 504].includes(code))
        expect(retries(method, status(code))).toBe(false)
      }),
    )
  })

  test('nothing is more often than was allowed, whatever fails', () => {
    fc.assert(
      fc.property(anyMethod, anyFailure, fc.nat(10), fc.nat(10), (method, failure, allowed, beyond) => {
        const number = allowed + 1 + beyond
        expect(reasonToRetry({ method, number, retries: allowed, failure })).toBeUndefined()
      }),
    )
  })

  test('is said with its reason', () => {
    const reason = (failure: Failure) => reasonToRetry({ method: 'GET', number: 3, retries: 3, failure })
    expect(reason(unreached)).toBe('could not connect')
    expect(reason(lost)).toBe('no answer came')
    expect(reason(status(503))).toBe('the API answered 503')
  })

  test('a certificate that is not trusted is not asked for again', () => {
    expect(retries('GET', { kind: 'unreached', permanent: true })).toBe(false)
  })
})

describe('how long is waited before', () => {
  const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

  test('anything from nothing to a bound that doubles from half a second to twenty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), anyRandom, (number, random) => {
        const ms = delay(number, random, 0)
        expect(Number.isInteger(ms)).toBe(true)
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThan(Math.min(20_000, 500 * 2 ** (number - 1)))
      }),
    )
    expect([1, 2, 3, 4, 9].map((number) => delay(number, 0.5, 0))).toEqual([250, 500, 1000, 2000, 10_000])
    expect(delay(3, 0, 0)).toBe(0)
  })

  test('what the server stated, never less', () => {
    expect([0.2, 1, 1.5].map((stated) => delay(1, 0.9, stated))).toEqual([1, 1, 2])
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        anyRandom,
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        (number, random, stated) => {
          expect(delay(number, random, stated)).toBe(Math.ceil(stated))
        },
      ),
    )
  })
})
