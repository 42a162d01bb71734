/** So many requests a key may send in so many seconds. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

/** Generous: nobody runs into it, but its headers are there on every answer. */
export const standardRateLimit: RateLimit = { requests: 10_000_000, seconds: 60 }

/** Where a key stands in its window. */
export interface Quota {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** When the window ends: epoch seconds, rounded up (the unit is unknown: docs/orafi-api.md#rate-limits). */
  readonly reset: number
  /** Seconds until then, at least 1, rounded up. */
  readonly retryAfter: number
}

/**
 * Counts requests in windows that begin with the first request after the last
 * one ended; a request that is refused is not counted.
 *
 * @param now epoch ms
 */
export function createRateLimiter(
  { requests, seconds }: RateLimit,
  now: () => number,
): (key: string) => Quota {
  const windows = new Map<string, { end: number; used: number }>()
  return (key) => {
    const time = now()
    let window = windows.get(key)
    if (!window || time >= window.end) {
      window = { end: time + seconds * 1000, used: 0 }
      windows.set(key, window)
    }
    const allowed = window.used < requests
    if (allowed) window.used++
    return {
      allowed,
      limit: requests,
      remaining: requests - window.used,
      reset: Math.ceil(window.end / 1000),
      retryAfter: Math.max(1, Math.ceil((window.end - time) / 1000)),
    }
  }
}
