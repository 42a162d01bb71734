import { setTimeout as wait } from 'node:timers/promises'

/** Time as a test hands it in: a sleep moves it on at once, and what really passes counts too. */
export interface Clock {
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Every sleep so far, in ms. */
  readonly slept: readonly number[]
}

/**
 * @param start epoch ms
 * @param stands whether only sleeps move it on, so that what is waited does not depend on how busy the machine is
 */
export function createClock(start: number, { stands = false } = {}): Clock {
  const slept: number[] = []
  const began = performance.now()
  let skipped = 0
  return {
    now: () => Math.round(start + skipped + (stands ? 0 : performance.now() - began)),
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      slept.push(ms)
      skipped += ms
      // Others get their turn, as they would in the time that is skipped.
      await wait(Math.min(ms, 1))
      signal?.throwIfAborted()
    },
    slept,
  }
}

/** A sleep that keeps real time. */
export async function realSleep(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw error
  })
}

/** A timer that keeps real time, for the limits of requests to a real loopback server. */
export function realTimer(ms: number, expire: () => void): () => void {
  const timer = setTimeout(expire, ms)
  return () => clearTimeout(timer)
}

/** A clock that only sleeps move on, and whose timers ring on the way. */
export function createTimedClock(
  start: number,
): Clock & { timer(ms: number, expire: () => void): () => void } {
  const slept: number[] = []
  const timers = new Set<{ at: number; expire(): void }>()
  let time = start
  return {
    now: () => time,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      slept.push(ms)
      const end = time + ms
      for (;;) {
        const [next] = [...timers].sort((one, other) => one.at - other.at)
        if (next === undefined || next.at > end) break
        timers.delete(next)
        time = Math.max(time, next.at)
        next.expire()
        // Whatever it begins has its turn before the next one.
        await wait(0)
        signal?.throwIfAborted()
      }
      time = end
      await wait(0)
    },
    timer(ms, expire) {
      const timer = { at: time + ms, expire }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    slept,
  }
}
