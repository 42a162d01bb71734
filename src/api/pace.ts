import type { IncomingHttpHeaders } from 'undici/types/header.js'
import type { Outcome } from './attempt.ts'
import type { Call } from './call.ts'

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

/**
 * Two answers belong to the same window if their resets differ by no more
 * than this (ms): `Date` and the reset are whole seconds.
 */
const tolerance = 2000

/** How long a request has to wait: until a time (epoch ms; `ms` from now), or until another request is answered. */
export type Hold = { readonly until: number; readonly ms: number } | { readonly until: undefined }

/** A pause or a window: its end (epoch ms), and its length when the server stated it (ms). */
interface Span {
  readonly until: number
  readonly length: number
}

/** Limits the rest of a span to its length, in case the clock was set back. */
function bounded(span: Span, at: number): Span {
  return { until: Math.min(span.until, at + span.length), length: span.length }
}

export type Quota = ReturnType<typeof createQuota>

/**
 * Counts requests against the rate limit, so that those in flight never exceed what is left.
 * @param now epoch ms
 */
export function createQuota(now: () => number) {
  let seen: RateLimit = { limit: undefined, remaining: undefined, resetAt: undefined }
  /** The lowest remaining count of this window; requests sent since then are counted in `inFlight`. */
  let left = Number.POSITIVE_INFINITY
  let window: Span | undefined
  let paused: Span | undefined
  let inFlight = 0
  let waiting: (() => void)[] = []

  function openWindow(): void {
    // The length of the new window is unknown until its first answer; its limit is known.
    window = undefined
    left = seen.limit ?? Number.POSITIVE_INFINITY
  }

  function hold(): Hold | undefined {
    const at = now()
    paused = paused && bounded(paused, at)
    if (paused !== undefined && at < paused.until) return { until: paused.until, ms: paused.until - at }
    window = window && bounded(window, at)
    if (window !== undefined && at >= window.until) openWindow()
    if (left > inFlight) return undefined
    // Without a known window, only an answer can end the wait.
    if (window === undefined) return inFlight === 0 ? undefined : { until: undefined }
    return left > 0 ? { until: undefined } : { until: window.until, ms: window.until - at }
  }

  /** Updates the window from an answer. True if the answer has a remaining count and a reset. */
  function read({ remaining, resetIn }: RateHeaders): boolean {
    if (remaining === undefined || resetIn === undefined) return false
    // The answer is from a window that is over.
    if (resetIn <= 0) return true
    const at = now()
    const stated = { until: at + resetIn, length: resetIn }
    const known = window && bounded(window, at)
    if (known === undefined || stated.until <= known.until + tolerance) {
      window = known !== undefined && known.until > stated.until ? known : stated
      left = Math.min(left, remaining)
    } else if (at >= known.until - tolerance) {
      window = stated
      left = remaining
    } else {
      // A slow answer, or a sliding window: the end that was stated first still applies.
      left = Math.min(left, remaining)
    }
    return true
  }

  function end(): void {
    inFlight--
    wake()
  }

  function wake(): void {
    if (waiting.length === 0) return
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }

  return {
    /** Reserves one request, or says what to wait for. */
    take(): Hold | undefined {
      const held = hold()
      if (held === undefined) inFlight++
      return held
    },
    /** The request was answered, with these headers. */
    answered(headers: RateHeaders): void {
      const { limit, remaining, resetIn } = headers
      const resetAt = resetIn === undefined ? undefined : now() + resetIn
      if (limit !== undefined || remaining !== undefined) seen = { limit, remaining, resetAt }
      // Most likely counted. Without a known window, do not wait for a server that stopped sending counts.
      if (!read(headers)) left = window === undefined ? Number.POSITIVE_INFINITY : left - 1
      end()
    },
    /** The request may have been counted by the server, but nothing came back. */
    lost(): void {
      left--
      end()
    },
    /** The request was never sent. */
    returned: end,
    /** Blocks all requests (ms), as a 429 stated. */
    pause(ms: number): void {
      const at = now()
      const stated = { until: at + ms, length: ms }
      paused = paused && bounded(paused, at)
      if (paused === undefined || stated.until > paused.until) paused = stated
    },
    /** A wait until then (epoch ms) is over, even if the clock was set back meanwhile. */
    waited(until: number): void {
      if (paused?.until === until) paused = undefined
      if (window?.until === until) openWindow()
    },
    /** Resolves when a request in flight has ended, or when `wake` is called. */
    changed: () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve)
      }),
    /** Resolves all pending `changed()` (for an interruption). */
    wake,
    seen: () => seen,
  }
}

export interface PaceOptions {
  readonly signal: AbortSignal
  /** Epoch ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Sends no request before the rate limit allows it (docs/contract.md#rate-limits). An interruption ends every wait. */
export function createPace({ signal, now, sleep }: PaceOptions) {
  const quota = createQuota(now)

  function throwIfInterrupted(call: Call): void {
    signal.throwIfAborted()
    call.signal?.throwIfAborted()
  }

  /** Sleeps (ms). Throws the reason of an interruption. */
  async function pause(ms: number, call: Call): Promise<void> {
    const either = call.signal === undefined ? signal : AbortSignal.any([signal, call.signal])
    try {
      await sleep(ms, either)
    } catch (error) {
      // A sleep may reject with another error than the signal's reason.
      throwIfInterrupted(call)
      throw error
    }
    throwIfInterrupted(call)
  }

  async function anotherAnswer(call: Call): Promise<void> {
    call.signal?.addEventListener('abort', quota.wake, { once: true })
    await quota.changed()
    call.signal?.removeEventListener('abort', quota.wake)
  }

  return {
    /**
     * Resolves when the call may be sent. Calls `announce` before a wait for the rate limit, with its length (ms) and end
     * (epoch ms); `announce` may throw.
     */
    async admit(call: Call, announce: (ms: number, until: number) => void): Promise<void> {
      for (;;) {
        throwIfInterrupted(call)
        const hold = quota.take()
        if (hold === undefined) return
        if (hold.until === undefined) {
          await anotherAnswer(call)
          continue
        }
        announce(hold.ms, hold.until)
        await pause(hold.ms, call)
        quota.waited(hold.until)
      }
    },
    pause,
    /** Records the outcome of an attempt; returns the wait that the server states (ms), or 0. */
    learn(outcome: Outcome): number {
      if (outcome.kind === 'unreached') quota.returned()
      if (outcome.kind === 'lost') quota.lost()
      if (outcome.kind !== 'answer') return 0
      const rate = readRateHeaders(outcome.headers, now())
      quota.answered(rate)
      if (outcome.status === 503) return rate.retryIn ?? 0
      if (outcome.status !== 429) return 0
      const stated = Math.max(0, rate.retryIn ?? rate.resetIn ?? 0)
      // It applies to every request with this key.
      if (stated > 0) quota.pause(stated)
      return stated
    },
    /** Records that an attempt was aborted without an outcome. */
    interrupted: quota.lost,
    /** Makes calls that wait for another answer check again. */
    wake: quota.wake,
    seen: quota.seen,
  }
}
