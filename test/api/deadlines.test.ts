import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDeadlines } from '../../src/api/deadlines.ts'

/** Something timed that notes how long it had (ms). */
function timed() {
  const began = performance.now()
  const had: number[] = []
  const failures: unknown[] = []
  return {
    had,
    failures,
    expire: () => void had.push(performance.now() - began),
    fail: (error: unknown) => void failures.push(error),
  }
}

/** A timer that keeps real time and notes what it was set to (ms). */
function recorded() {
  const set: number[] = []
  const sleep = async (ms: number, signal?: AbortSignal) => {
    set.push(ms)
    await wait(ms, undefined, signal === undefined ? {} : { signal })
  }
  return { set, sleep }
}

test('each attempt has its whole time, however many share the timer', async () => {
  const { sleep } = recorded()
  const deadlines = createDeadlines(40, sleep)
  const first = timed()
  deadlines.enter(first)
  await wait(20)
  const second = timed()
  deadlines.enter(second)
  await wait(100)
  for (const { had } of [first, second]) {
    expect(had.length).toBe(1)
    expect(had[0]).toBeGreaterThanOrEqual(38)
  }
  deadlines.leave(first)
  deadlines.leave(second)
})

test('who left in time is not given up, and the timer goes on for the others', async () => {
  const { sleep } = recorded()
  const deadlines = createDeadlines(20, sleep)
  const [quick, slow] = [timed(), timed()]
  deadlines.enter(quick)
  deadlines.enter(slow)
  deadlines.leave(quick)
  await wait(60)
  expect(quick.had).toEqual([])
  expect(slow.had.length).toBe(1)
  deadlines.leave(slow)
})

test('when all have left nothing is timed, so that nothing keeps the process', async () => {
  let stopped = false
  const deadlines = createDeadlines(30_000, async (_ms, signal) => {
    signal?.addEventListener('abort', () => {
      stopped = true
    })
    await new Promise(() => undefined)
  })
  const one = timed()
  deadlines.enter(one)
  expect(stopped).toBe(false)
  deadlines.leave(one)
  expect(stopped).toBe(true)
})

test('a timer is set once for many, not once for each', () => {
  const { set, sleep } = recorded()
  const deadlines = createDeadlines(30_000, sleep)
  const many = Array.from({ length: 100 }, timed)
  for (const one of many) deadlines.enter(one)
  for (const one of many) deadlines.leave(one)
  expect(set).toEqual([30_000])
})

test('a timer that fails ends all that rely on it', async () => {
  const broken = new Error('no timers left')
  const deadlines = createDeadlines(1000, () => Promise.reject(broken))
  const one = timed()
  deadlines.enter(one)
  await wait(1)
  expect(one.failures).toEqual([broken])
})
