import type { Outcome } from './attempt.ts'
import type { Call } from './call.ts'
import { type RateHeaders, type RateLimit, readRateHeaders } from './rate-limit.ts'

/**
 * Two answers speak of the same window when their resets differ by no more
 * than this (ms): `Date` and the reset itself are whole seconds.
 */
const tolerance = 2000

/** Why a request may not leave yet: until when (epoch ms) and how long that is (ms), or until another is answered. */
export type Hold = { readonly until: number; readonly ms: number } | { readonly until: undefined }

/** A pause or a window: until when (epoch ms), and how long that was when the server said so (ms). */
interface Span {
  readonly until: number
  readonly length: number
}

/** What is left of it never lasts longer than the whole: a clock that is set back makes nobody wait for a day. */
function bounded(span: Span, at: number): Span {
  return { until: Math.min(span.until, at + span.length), length: span.length }
}

/** Counts requests against the rate limit, so that those in flight together never exceed what is left. */
export interface Quota {
  /** Takes a place for one request, or says what it waits for. */
  take(): Hold | undefined
  /** The request was answered; its headers say what is left. */
  answered(headers: RateHeaders): void
  /** The request may have been counted by the server, but nothing came back. */
  lost(): void
  /** The request never left. */
  returned(): void
  /** Nobody sends for so long (ms): a 429 said so. */
  pause(ms: number): void
  /** A wait until then (epoch ms) is over, whatever the clock says: clocks are set back. */
  waited(until: number): void
  /** Resolves when a request in flight has ended, or when `wake` is called. */
  changed(): Promise<void>
  /** Lets everybody who waits look again (an interruption). */
  wake(): void
  seen(): RateLimit
}

/**
 * @param now epoch ms
 */
export function createQuota(now: () => number): Quota {
  let seen: RateLimit = { limit: undefined, remaining: undefined, resetAt: undefined }
  /** The lowest remaining count of this window: those sent after it was read are counted in `inFlight`. */
  let left = Number.POSITIVE_INFINITY
  let window: Span | undefined
  let paused: Span | undefined
  let inFlight = 0
  let waiting: (() => void)[] = []

  function openWindow(): void {
    // How long the new window lasts is not known before its first answer, how much it holds is.
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
    // Without a known window there is nothing to wait for but an answer.
    if (window === undefined) return inFlight === 0 ? undefined : { until: undefined }
    return left > 0 ? { until: undefined } : { until: window.until, ms: window.until - at }
  }

  /** Takes in what an answer says of the window. True when it said how much is left, and until when. */
  function read({ remaining, resetIn }: RateHeaders): boolean {
    if (remaining === undefined || resetIn === undefined) return false
    // The answer is from a window that is over.
    if (resetIn <= 0) return true
    const at = now()
    const told = { until: at + resetIn, length: resetIn }
    const known = window && bounded(window, at)
    if (known === undefined || told.until <= known.until + tolerance) {
      window = known !== undefined && known.until > told.until ? known : told
      left = Math.min(left, remaining)
    } else if (at >= known.until - tolerance) {
      window = told
      left = remaining
    } else {
      // A slow answer, or a window that slides: it ends no later than was said first.
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
    take() {
      const held = hold()
      if (held === undefined) inFlight++
      return held
    },
    answered(headers) {
      const { limit, remaining, resetIn } = headers
      const resetAt = resetIn === undefined ? undefined : now() + resetIn
      if (limit !== undefined || remaining !== undefined) seen = { limit, remaining, resetAt }
      // Counted, most likely; but where no window is known, a server that stopped counting is not waited for.
      if (!read(headers)) left = window === undefined ? Number.POSITIVE_INFINITY : left - 1
      end()
    },
    lost() {
      left--
      end()
    },
    returned: end,
    pause(ms) {
      const at = now()
      const told = { until: at + ms, length: ms }
      paused = paused && bounded(paused, at)
      if (paused === undefined || told.until > paused.until) paused = told
    },
    waited(until) {
      if (paused?.until === until) paused = undefined
      if (window?.until === until) openWindow()
    },
    changed: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
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

/** Lets requests go one by one, as the rate limit allows, and everything that waits end with an interruption. */
export interface Pace {
  /**
   * Resolves when the call may be sent. A wait for the rate limit is announced
   * first: how long (ms), until when (epoch ms); the announcement may throw.
   */
  admit(call: Call, announce: (ms: number, until: number) => void): Promise<void>
  /** Sleeps (ms), or throws the reason of an interruption. */
  pause(ms: number, call: Call): Promise<void>
  /** Takes in what became of an attempt; gives the wait that the server asks for (ms), or 0. */
  learn(outcome: Outcome): number
  /** An attempt was left before anything came of it. */
  interrupted(): void
  /** Lets those who wait for another answer look again. */
  wake(): void
  seen(): RateLimit
}

/** Lets no request leave before the rate limit allows it (docs/contract.md#rate-limits). */
export function createPace({ signal, now, sleep }: PaceOptions): Pace {
  const quota = createQuota(now)

  function throwIfInterrupted(call: Call): void {
    signal.throwIfAborted()
    call.signal?.throwIfAborted()
  }

  async function pause(ms: number, call: Call): Promise<void> {
    const either = call.signal === undefined ? signal : AbortSignal.any([signal, call.signal])
    try {
      await sleep(ms, either)
    } catch (error) {
      // A sleep rejects with an error of its own: the reason of the interruption is the caller's.
      throwIfInterrupted(call)
      throw error
    }
    throwIfInterrupted(call)
  }

  async function another(call: Call): Promise<void> {
    call.signal?.addEventListener('abort', quota.wake, { once: true })
    await quota.changed()
    call.signal?.removeEventListener('abort', quota.wake)
  }

  return {
    async admit(call, announce) {
      for (;;) {
        throwIfInterrupted(call)
        const hold = quota.take()
        if (hold === undefined) return
        if (hold.until === undefined) {
          await another(call)
          continue
        }
        announce(hold.ms, hold.until)
        await pause(hold.ms, call)
        quota.waited(hold.until)
      }
    },
    pause,
    learn(outcome) {
      if (outcome.kind === 'unreached') quota.returned()
      if (outcome.kind === 'lost') quota.lost()
      if (outcome.kind !== 'answer') return 0
      const rate = readRateHeaders(outcome.headers, now())
      quota.answered(rate)
      if (outcome.status === 503) return rate.retryIn ?? 0
      if (outcome.status !== 429) return 0
      const stated = Math.max(0, rate.retryIn ?? rate.resetIn ?? 0)
      // It holds for everybody who shares the key: the others need not run into it.
      if (stated > 0) quota.pause(stated)
      return stated
    },
    interrupted: quota.lost,
    wake: quota.wake,
    seen: quota.seen,
  }
}
