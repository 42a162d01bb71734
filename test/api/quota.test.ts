import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createQuota, type Quota } from '../../src/api/pace.ts'

const none = { limit: undefined, remaining: undefined, resetIn: undefined, retryIn: undefined }
const told = (remaining: number, resetIn: number, limit = 10) => ({ ...none, limit, remaining, resetIn })

/** A quota and a clock that the test moves. */
function quotaAt(start: number): { quota: Quota; move(ms: number): void; takeAll(most?: number): number } {
  let time = start
  const quota = createQuota(() => time)
  return {
    quota,
    move(ms) {
      time += ms
    },
    takeAll(most = 100) {
      let taken = 0
      while (taken < most && quota.take() === undefined) taken++
      return taken
    },
  }
}

describe('requests under way at the same time', () => {
  test('are without number until the API says how many are left', () => {
    expect(quotaAt(0).takeAll(64)).toBe(64)
  })

  test('are never more than are left', () => {
    const { quota, takeAll } = quotaAt(0)
    quota.take()
    quota.answered(told(3, 60_000))
    expect(takeAll()).toBe(3)
    expect(quota.take()).toEqual({ until: undefined })
    quota.answered(told(2, 60_000))
    // Two are left, and the two still under way may be those.
    expect(quota.take()).toEqual({ until: undefined })
  })

  test('at zero the next one waits for the reset, and then the whole window is there', () => {
    const { quota, takeAll, move } = quotaAt(1000)
    quota.take()
    quota.answered(told(0, 5000))
    expect(quota.take()).toMatchObject({ until: 6000 })
    move(4999)
    expect(quota.take()).toEqual({ until: 6000, ms: 1 })
    move(1)
    expect(takeAll()).toBe(10)
  })

  test('a wait that was waited is over, even when the clock was set back meanwhile', () => {
    const { quota, move } = quotaAt(1000)
    quota.take()
    quota.answered(told(0, 5000))
    move(-3_600_000)
    quota.waited(6000)
    expect(quota.take()).toBeUndefined()
  })

  describe.each([
    ['an hour back', -3_600_000],
    ['a day back', -86_400_000],
    ['to the year 1970', -1_000_000_000_000],
  ])('a clock that is set %s', (_what, jump) => {
    const start = 1_000_000_000_000

    test('makes the wait for the reset no longer than the server said', () => {
      const { quota, move, takeAll } = quotaAt(start)
      quota.take()
      quota.answered(told(0, 5000))
      move(jump)
      expect(quota.take()).toMatchObject({ until: start + jump + 5000 })
      move(2000)
      expect(quota.take()).toMatchObject({ until: start + jump + 5000 })
      move(3000)
      expect(takeAll()).toBe(10)
    })

    test('makes a pause no longer than the server said, and what is waited for is over afterwards', () => {
      const { quota, move } = quotaAt(start)
      quota.pause(3000)
      move(jump)
      expect(quota.take()).toMatchObject({ until: start + jump + 3000 })
      // Back again, by somebody who corrects the clock.
      move(jump)
      expect(quota.take()).toMatchObject({ until: start + 2 * jump + 3000 })
      quota.waited(start + 2 * jump + 3000)
      expect(quota.take()).toBeUndefined()
    })

    test('does not hide the windows that come afterwards', () => {
      const { quota, move, takeAll } = quotaAt(start)
      quota.take()
      quota.answered(told(1, 5000))
      move(jump)
      quota.take()
      quota.answered(told(0, 5000))
      expect(quota.take()).toMatchObject({ until: start + jump + 5000 })
      move(5000)
      expect(takeAll()).toBe(10)
      quota.pause(2000)
      expect(quota.take()).toMatchObject({ until: start + jump + 7000 })
    })

    test('lets a longer pause take the place of a shorter one', () => {
      const { quota, move } = quotaAt(start)
      quota.pause(3000)
      move(jump)
      quota.pause(9000)
      expect(quota.take()).toMatchObject({ until: start + jump + 9000 })
    })
  })

  test('a clock that is set ahead ends every wait', () => {
    const { quota, move, takeAll } = quotaAt(0)
    quota.take()
    quota.answered(told(0, 5000))
    quota.pause(3000)
    move(86_400_000)
    expect(takeAll()).toBe(10)
  })

  test('one whose answer was lost counts as used, one that never left does not', () => {
    const { quota, takeAll } = quotaAt(0)
    quota.take()
    quota.answered(told(2, 60_000))
    expect(takeAll()).toBe(2)
    quota.returned()
    expect(takeAll()).toBe(1)
    quota.lost()
    expect(quota.take()).toEqual({ until: undefined })
    quota.lost()
    expect(quota.take()).toMatchObject({ until: 60_000 })
  })

  test('an answer that came late from a window that is over says nothing about this one', () => {
    const { quota, takeAll } = quotaAt(0)
    takeAll(2)
    quota.answered(told(9, 60_000))
    quota.answered(told(0, -1))
    expect(takeAll()).toBe(9)
  })

  test('the order in which answers come does not matter', () => {
    const { quota, takeAll } = quotaAt(0)
    takeAll(3)
    quota.answered(told(1, 60_000))
    quota.answered(told(3, 60_400))
    quota.answered(told(2, 59_900))
    expect(takeAll()).toBe(1)
  })

  test.each([
    // A reset that is no more than two seconds later is that of the same window.
    [0, 62_000, 0, 62_000],
    [0, 62_001, 0, 60_000],
    // From two seconds before the reset on, a later one is that of the next window.
    [57_999, 60_000, 2, 60_000],
    [58_000, 60_000, 7, 118_000],
    [59_000, 60_000, 7, 119_000],
  ])('at %i ms, a reset in %i ms leaves %i until %i', (at, resetIn, left, until) => {
    const { quota, move, takeAll } = quotaAt(0)
    takeAll(2)
    quota.answered(told(2, 60_000))
    move(at)
    quota.answered(told(left === 2 ? 7 : left, resetIn))
    expect(takeAll()).toBe(left)
    for (let sent = 0; sent < left; sent++) quota.lost()
    expect(quota.take()).toMatchObject({ until })
  })

  test('the last known limit is reported until it changes', () => {
    const { quota } = quotaAt(1000)
    expect(quota.seen()).toEqual({ limit: undefined, remaining: undefined, resetAt: undefined })
    const first = { limit: 10, remaining: 3, resetAt: 6000 }
    for (const [headers, seen] of [
      [told(3, 5000), first],
      [none, first],
      [{ ...none, resetIn: 1 }, first],
      [
        { ...none, remaining: 2 },
        { limit: undefined, remaining: 2, resetAt: undefined },
      ],
      [
        { ...none, limit: 9, resetIn: 500 },
        { limit: 9, remaining: undefined, resetAt: 1500 },
      ],
    ] as const) {
      quota.take()
      quota.answered(headers)
      expect(quota.seen()).toEqual(seen)
    }
  })

  test('a server that stops counting is not waited for', () => {
    const { quota, takeAll, move } = quotaAt(0)
    quota.take()
    quota.answered(told(0, 1000, 1))
    move(1000)
    expect(takeAll()).toBe(1)
    quota.answered(none)
    expect(takeAll(5)).toBe(5)
  })

  test('nobody sends while a 429 says to wait', () => {
    const { quota, move } = quotaAt(0)
    quota.pause(3000)
    quota.pause(2000)
    expect(quota.take()).toEqual({ until: 3000, ms: 3000 })
    move(3000)
    expect(quota.take()).toBeUndefined()
  })
})

/** Requests travel to a server that counts in fixed windows of five seconds, and its answers travel back. */
function simulate(limit: number, workers: number, delays: number[]): { refused: number; sent: number } {
  const windowMs = 5000
  const events: { at: number; happens: () => void }[] = []
  const counts = new Map<number, number>()
  let time = 0
  let sent = 0
  let refused = 0
  let known = false
  const quota = createQuota(() => time)

  const arrive = (back: number) => {
    const window = Math.floor(time / windowMs)
    const used = (counts.get(window) ?? 0) + 1
    counts.set(window, used)
    if (used > limit) refused++
    const answer = told(Math.max(0, limit - used), (window + 1) * windowMs - time, limit)
    const happens = () => {
      quota.answered(answer)
      known = true
    }
    events.push({ at: time + back, happens })
  }
  const send = () => {
    const delay = delays[sent++ % delays.length] ?? 1
    events.push({ at: time + delay, happens: () => arrive(delay) })
  }
  while (sent < 80) {
    let held: ReturnType<Quota['take']>
    // The first one goes alone: before its answer nobody knows how many may go.
    while (sent < 80 && events.length < (known ? workers : 1)) {
      held = quota.take()
      if (held !== undefined) break
      send()
    }
    events.sort((one, other) => one.at - other.at)
    const until = held?.until ?? Number.POSITIVE_INFINITY
    const next = events[0]?.at ?? Number.POSITIVE_INFINITY
    time = Math.min(until, next)
    // Nothing under way and nothing to wait for: it would wait for ever.
    if (time === Number.POSITIVE_INFINITY) break
    if (next <= until) events.shift()?.happens()
  }
  return { refused, sent }
}

test('a server that counts in windows never has to refuse, and nobody waits for ever', () => {
  const anyDelays = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 5, maxLength: 40 })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 16 }),
      anyDelays,
      (limit, workers, delays) => {
        expect(simulate(limit, workers, delays)).toEqual({ refused: 0, sent: 80 })
      },
    ),
    { numRuns: 300 },
  )
})
