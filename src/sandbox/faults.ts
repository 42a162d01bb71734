/** What goes wrong with one request. */
export interface Fault {
  /** The answer is this status (any the API documents), or none at all: the connection is cut. */
  readonly how: number | 'drop'
  /** Whether the request was carried out all the same: that is what makes an answer ambiguous. */
  readonly takesEffect: boolean
}

/** Decides, request by request, what goes wrong; undefined when nothing does. `target` is path and query, as sent. */
export type NextFault = (request: { readonly method: string; readonly target: string }) => Fault | undefined

/** Shares of all requests, 0 to 1, together not above 1. */
export interface FaultRates {
  /** Answered with 500, 502 or 503. */
  readonly failRate: number
  /** Cut without an answer. */
  readonly dropRate: number
}

/** So many requests a key may send in so many seconds. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

const failures = [500, 502, 503] as const

/** Faults by chance, half of them after the request took effect. */
export function randomFaults({ failRate, dropRate }: FaultRates, random: () => number): NextFault {
  return () => {
    const chance = random()
    if (chance >= failRate + dropRate) return undefined
    const takesEffect = random() < 0.5
    if (chance < dropRate) return { how: 'drop', takesEffect }
    return { how: failures[Math.floor(random() * failures.length)] ?? 500, takesEffect }
  }
}

/** Whether a request is let through, and the headers that its answer gets (docs/orafi-api.md#rate-limits). */
export interface Quota {
  readonly allowed: boolean
  readonly headers: Readonly<Record<string, number>>
}

/**
 * Counts requests in windows that begin with the first request after the last one ended; a request that is refused is not
 * counted. The end of a window is given in epoch seconds, since its unit is unknown.
 *
 * @param now epoch ms
 */
export function createRateLimiter(limit: RateLimit, now: () => number): (key: string) => Quota {
  const windows = new Map<string, { end: number; used: number }>()
  return (key) => {
    const time = now()
    let window = windows.get(key)
    if (!window || time >= window.end) {
      window = { end: time + limit.seconds * 1000, used: 0 }
      windows.set(key, window)
    }
    const allowed = window.used < limit.requests
    if (allowed) window.used++
    const headers = {
      'X-RateLimit-Limit': limit.requests,
      'X-RateLimit-Remaining': limit.requests - window.used,
      'X-RateLimit-Reset': Math.ceil(window.end / 1000),
    }
    if (allowed) return { allowed, headers }
    return {
      allowed,
      headers: { ...headers, 'Retry-After': Math.max(1, Math.ceil((window.end - time) / 1000)) },
    }
  }
}
