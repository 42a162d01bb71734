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
