import { describe, expect, test } from 'vitest'
import { createThrottle, maxConcurrency } from '../../src/bulk/pool.ts'

const answer = (status: number, ms: number) =>
  ({ type: 'answer', method: 'POST', path: '/customers/create', attempt: 1, status, ms }) as const

describe('an adapting throttle', () => {
  test('grows while answers are quick, up to its most', () => {
    const throttle = createThrottle()
    expect(throttle.allowed).toBe(4)
    for (let index = 0; index < 500; index++) throttle.observe(answer(201, 20))
    expect(throttle.allowed).toBe(maxConcurrency)
  })

  test('does not grow while answers take several times what the quickest took', () => {
    const throttle = createThrottle()
    throttle.observe(answer(201, 20))
    const before = throttle.allowed
    for (let index = 0; index < 500; index++) throttle.observe(answer(201, 200))
    expect(throttle.allowed).toBe(before)
  })

  test.each([429, 503])(
    'halves on %i, once for those that were under way together, and never below one',
    (status) => {
      const throttle = createThrottle()
      for (let index = 0; index < 28; index++) throttle.observe(answer(201, 20))
      expect(throttle.allowed).toBe(32)
      for (let index = 0; index < 10; index++) throttle.observe(answer(status, 5))
      expect(throttle.allowed).toBe(16)
      for (let index = 0; index < 500; index++) throttle.observe(answer(status, 5))
      expect(throttle.allowed).toBe(1)
    },
  )

  test('after a refusal it grows by one for a round of answers, not for each', () => {
    const throttle = createThrottle()
    for (let index = 0; index < 28; index++) throttle.observe(answer(201, 20))
    throttle.observe(answer(429, 5))
    for (let index = 0; index < 16; index++) throttle.observe(answer(201, 20))
    expect(throttle.allowed).toBe(16)
    throttle.observe(answer(201, 20))
    expect(throttle.allowed).toBe(17)
  })

  test('after a slow answer, too', () => {
    const throttle = createThrottle()
    throttle.observe(answer(201, 20))
    throttle.observe(answer(201, 200))
    for (let index = 0; index < 5; index++) throttle.observe(answer(201, 20))
    expect(throttle.allowed).toBe(5)
    throttle.observe(answer(201, 20))
    expect(throttle.allowed).toBe(6)
  })

  test('an answer is quick up to three times the quickest, and 5 ms more', () => {
    const allowedAfter = (ms: number): number => {
      const throttle = createThrottle()
      throttle.observe(answer(201, 20))
      throttle.observe(answer(201, ms))
      return throttle.allowed
    }
    expect([65, 66].map(allowedAfter)).toEqual([6, 5])
  })

  test('halves again as soon as so many answers came as may be under way together', () => {
    const throttle = createThrottle()
    for (let index = 0; index < 28; index++) throttle.observe(answer(201, 20))
    for (let index = 0; index < 16; index++) throttle.observe(answer(429, 5))
    expect(throttle.allowed).toBe(16)
    throttle.observe(answer(429, 5))
    expect(throttle.allowed).toBe(8)
  })

  test.each([
    [400, 5],
    [499, 5],
    [500, 4],
    [504, 4],
  ])('%i lets it grow to %i: only an error of the server says nothing', (status, allowed) => {
    const throttle = createThrottle()
    throttle.observe(answer(status, 20))
    expect(throttle.allowed).toBe(allowed)
  })

  test('a fixed one holds still', () => {
    const throttle = createThrottle(7)
    throttle.observe(answer(429, 5))
    expect(throttle.allowed).toBe(7)
  })
})
