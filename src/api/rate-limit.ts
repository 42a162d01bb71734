import type { IncomingHttpHeaders } from 'undici/types/header.js'

/** The rate limit as last seen: requests per window, how many are left, when it resets (epoch ms, by our clock). */
export interface RateLimit {
  readonly limit: number | undefined
  readonly remaining: number | undefined
  readonly resetAt: number | undefined
}

/** What one answer says about the rate limit; waits in ms from now. */
export interface RateHeaders {
  readonly limit: number | undefined
  readonly remaining: number | undefined
  /** Until the window resets; 0 or less when it has. */
  readonly resetIn: number | undefined
  /** `Retry-After`; never negative. */
  readonly retryIn: number | undefined
}

/** From here on `X-RateLimit-Reset` is an epoch in seconds (September 2001), below it is seconds from now. */
const epochSeconds = 1e9

/** From here on it is an epoch in milliseconds (March 1973; in seconds it would be the year 5138). */
const epochMilliseconds = 1e11

/** Waits beyond three thousand years are cut (ms): later than that there are no dates. */
const longestWait = 1e14

/**
 * Reads the rate-limit headers in every form that the documentation leaves open (docs/orafi-api.md#rate-limits). An
 * epoch, and an HTTP date, are read against the answer's own `Date`, since our clock may be wrong; against `now`
 * (epoch ms) where it is missing. What cannot be read counts as absent.
 */
export function readRateHeaders(headers: IncomingHttpHeaders, now: number): RateHeaders {
  // Read only where it is needed: most answers carry neither an epoch nor a wait.
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

/** A number that is not negative; some servers send decimals. However large it is, sums of it are finite. */
function count(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return undefined
  return Math.min(Number(value), Number.MAX_SAFE_INTEGER)
}

/** An HTTP date begins with a weekday; Date.parse alone would take almost anything. */
function date(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}
