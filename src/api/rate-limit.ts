import type { IncomingHttpHeaders } from 'undici/types/header.js'

/** The rate limit as last seen: requests per window, requests left, and the reset (epoch ms, by our clock). */
export interface RateLimit {
  readonly limit: number | undefined
  readonly remaining: number | undefined
  readonly resetAt: number | undefined
}

/** The rate-limit headers of one answer; waits in ms from now. */
export interface RateHeaders {
  readonly limit: number | undefined
  readonly remaining: number | undefined
  /** Until the window resets; 0 or less when it has. */
  readonly resetIn: number | undefined
  /** `Retry-After`; never negative. */
  readonly retryIn: number | undefined
}

/** `X-RateLimit-Reset` from this value on is an epoch in seconds (September 2001); below it is seconds from now. */
const epochSeconds = 1e9

/** From this value on it is an epoch in milliseconds (March 1973; in seconds it would be the year 5138). */
const epochMilliseconds = 1e11

/** The longest wait, three thousand years (ms), so that its end is a valid Date. */
const longestWait = 1e14

/**
 * Reads the rate-limit headers in every form that the documentation leaves open (docs/orafi-api.md#rate-limits).
 * Epochs and HTTP dates are relative to the answer's own `Date`, since our clock may be wrong, or to `now` (epoch ms)
 * if it is missing. Invalid values count as absent.
 */
export function readRateHeaders(headers: IncomingHttpHeaders, now: number): RateHeaders {
  // Parsed only if needed: most answers have neither an epoch nor a wait.
  const serverNow = () => date(headers.date) ?? now
  return {
    limit: count(headers['x-ratelimit-limit']),
    remaining: count(headers['x-ratelimit-remaining']),
    resetIn: resetIn(count(headers['x-ratelimit-reset']), serverNow),
    retryIn: retryIn(headers['retry-after'], serverNow),
  }
}

function resetIn(reset: number | undefined, serverNow: () => number): number | undefined {
  if (reset === undefined) return undefined
  if (reset < epochSeconds) return reset * 1000
  const at = reset < epochMilliseconds ? reset * 1000 : reset
  return Math.min(at - serverNow(), longestWait)
}

function retryIn(value: string | string[] | undefined, serverNow: () => number): number | undefined {
  const seconds = count(value)
  if (seconds !== undefined) return Math.min(seconds * 1000, longestWait)
  const at = date(value)
  return at === undefined ? undefined : Math.min(Math.max(0, at - serverNow()), longestWait)
}

/** A non-negative number; some servers send decimals. Capped, so that sums are finite. */
function count(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return undefined
  return Math.min(Number(value), Number.MAX_SAFE_INTEGER)
}

/** An HTTP date begins with a weekday; Date.parse alone accepts almost anything. */
function date(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}
