/** What goes wrong with one request. */
export interface Fault {
  /** The status to answer with, any that the API documents; `drop` cuts the connection without an answer. */
  readonly how: number | 'drop'
  /** Whether the request is carried out anyway, so that its outcome is ambiguous to the client. */
  readonly takesEffect: boolean
}

/** The fault of a request; undefined for none. `target` is the path and query, as sent. */
export type NextFault = (request: { readonly method: string; readonly target: string }) => Fault | undefined

/** How many requests a key may send in how many seconds. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

const failures = [500, 502, 503] as const

/**
 * Random faults, half of them after the request took effect. Rates are shares of all requests with a valid key, 0 to 1:
 * `failRate` is answered with 500, 502 or 503, `dropRate` is cut without an answer. Their sum is at most 1.
 */
export function randomFaults(
  { failRate = 0, dropRate = 0 }: { readonly failRate?: number; readonly dropRate?: number },
  random: () => number,
): NextFault {
  return () => {
    const chance = random()
    if (chance >= failRate + dropRate) return undefined
    const takesEffect = random() < 0.5
    if (chance < dropRate) return { how: 'drop', takesEffect }
    return { how: failures[Math.floor(random() * failures.length)] ?? 500, takesEffect }
  }
}

/** Whether a request is allowed, and the headers of its answer (docs/orafi-api.md#rate-limits). */
export interface Quota {
  readonly allowed: boolean
  readonly headers: Readonly<Record<string, number>>
}

/**
 * Counts the requests of each key in windows. A window starts with the first request after the previous one ended;
 * refused requests are not counted. `X-RateLimit-Reset` is in epoch seconds, since its unit is undocumented.
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
