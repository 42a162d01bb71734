import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDeadlines } from '../../src/api/deadlines.ts'

/** Something timed that notes how often its time was over. */
function timed() {
  const failures: unknown[] = []
  const one = {
    expired: 0,
    failures,
    expire: () => void one.expired++,
    fail: (error: unknown) => void failures.push(error),
  }
  return one
}

/** A timer that is over when the test says so, and notes what it was set to (ms). */
function manual() {
  const set: number[] = []
  const stopped: unknown[] = []
  let resolveLast: () => void = () => undefined
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      set.push(ms)
      resolveLast = resolve
      signal?.addEventListener('abort', () => {
        stopped.push(signal.reason)
        reject(signal.reason)
      })
    })
  const ring = async () => {
    resolveLast()
    await turn()
  }
  return { set, stopped, sleep, ring }
}

test('each attempt has its whole time, however many share the timer', async () => {
  const { set, sleep, ring } = manual()
  const deadlines = createDeadlines(60_000, sleep)
  const [first, second, third] = [timed(), timed(), timed()]
  deadlines.enter(first)
  await wait(20)
  const before = performance.now()
  deadlines.enter(second)
  deadlines.enter(third)
  await ring()
  expect([first.expired, second.expired, third.expired]).toEqual([1, 0, 0])
  // What is left of the second one's time, and no less.
  const passed = performance.now() - before
  expect(set[0]).toBe(60_000)
  expect(set[1]).toBeGreaterThanOrEqual(60_000 - passed)
  expect(set[1]).toBeLessThanOrEqual(60_000)
  await ring()
  expect([first.expired, second.expired, third.expired]).toEqual([1, 1, 0])
  await ring()
  expect([first.expired, second.expired, third.expired]).toEqual([1, 1, 1])
  expect(set.length).toBe(3)
})

test('who left in time is not given up, and the timer goes on for the others', async () => {
  const { set, sleep, ring } = manual()
  const deadlines = createDeadlines(60_000, sleep)
  const [quick, slow] = [timed(), timed()]
  deadlines.enter(quick)
  deadlines.enter(slow)
  deadlines.leave(quick)
  await ring()
  expect([quick.expired, slow.expired]).toEqual([0, 0])
  expect(set.length).toBe(2)
  await ring()
  expect([quick.expired, slow.expired]).toEqual([0, 1])
})

test('one that comes again has its whole time again', async () => {
  const { set, sleep, ring } = manual()
  const deadlines = createDeadlines(60_000, sleep)
  const [one, other] = [timed(), timed()]
  deadlines.enter(one)
  deadlines.enter(other)
  deadlines.leave(one)
  await wait(2)
  deadlines.enter(one)
  await ring()
  expect([one.expired, other.expired]).toEqual([0, 0])
  expect(set.length).toBe(2)
})

test('when all have left nothing is timed, so that nothing keeps the process', async () => {
  const { set, stopped, sleep, ring } = manual()
  const deadlines = createDeadlines(30_000, sleep)
  const [one, other] = [timed(), timed()]
  deadlines.enter(one)
  deadlines.enter(other)
  deadlines.leave(one)
  expect(stopped).toEqual([])
  deadlines.leave(other)
  expect(stopped.length).toBe(1)
  await ring()
  expect([...one.failures, ...other.failures]).toEqual([])
  // The next one is timed anew.
  deadlines.enter(one)
  expect(set).toEqual([30_000, 30_000])
  await ring()
  expect(one.expired).toBe(1)
})

test('a timer that rings after all have left ends nobody, and is not set again', async () => {
  const { set, sleep } = manual()
  let ring: () => void = () => undefined
  // It does not notice that it was stopped.
  const deadlines = createDeadlines(30_000, (ms) => {
    void sleep(ms)
    return new Promise<void>((resolve) => {
      ring = resolve
    })
  })
  const [one, other] = [timed(), timed()]
  deadlines.enter(one)
  deadlines.leave(one)
  const ringFirst = ring
  deadlines.enter(other)
  ringFirst()
  await turn()
  expect([one.expired, other.expired]).toEqual([0, 0])
  expect(set.length).toBe(2)
})

test('a timer is set once for many, not once for each', () => {
  const { set, sleep } = manual()
  const deadlines = createDeadlines(30_000, sleep)
  const many = Array.from({ length: 100 }, timed)
  for (const one of many) deadlines.enter(one)
  for (const one of many) deadlines.leave(one)
  expect(set).toEqual([30_000])
})

test('time is up to the ms: what has passed already is never waited for twice', async () => {
  const { set, sleep, ring } = manual()
  const deadlines = createDeadlines(1, sleep)
  const [first, second] = [timed(), timed()]
  deadlines.enter(first)
  deadlines.enter(second)
  await wait(5)
  await ring()
  expect(set).toEqual([1, 0])
})

test('a timer that fails ends all that rely on it', async () => {
  const broken = new Error('no timers left')
  const deadlines = createDeadlines(1000, () => Promise.reject(broken))
  const [one, other] = [timed(), timed()]
  deadlines.enter(one)
  deadlines.enter(other)
  await turn()
  expect([one.failures, other.failures]).toEqual([[broken], [broken]])
})
