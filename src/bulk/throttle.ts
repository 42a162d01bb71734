import type { ClientEvent } from '../api/client.ts'
import type { ApiError } from '../api/errors.ts'
import { CliError } from '../errors.ts'

/** How many requests may be under way at once, learned from how the answers come. */
export interface Throttle {
  /** At least 1. */
  readonly allowed: number
  /** Told of everything the client does. */
  observe(event: ClientEvent): void
}

/** The most that is ever tried; beyond it a single process gains nothing. */
export const mostAtOnce = 64

/** Where an adapting throttle begins. */
const first = 4

/** An answer is quick when it takes no more than this many times the quickest, plus a few ms for jitter. */
const quickFactor = 3
const jitterMs = 5

/**
 * A throttle that holds still at `fixed`, or adapts: it grows by one for every answer that is quick until the server
 * first says 429 or 503, afterwards by one for every round of quick answers; each of these two halves it, once for
 * all requests that were under way together (additive increase, multiplicative decrease).
 * How long to hold still after a 429 is the client's rule, not this one's.
 */
export function createThrottle(fixed?: number): Throttle {
  if (fixed !== undefined) return { allowed: fixed, observe: () => undefined }
  let allowed = first
  let starting = true
  let quickest = Number.POSITIVE_INFINITY
  let sinceHalved = Number.POSITIVE_INFINITY

  const grow = (): void => {
    allowed = Math.min(mostAtOnce, allowed + (starting ? 1 : 1 / allowed))
  }
  const halve = (): void => {
    // A burst of refusals that were under way together is one sign of overload, not many.
    if (sinceHalved < allowed) return
    starting = false
    allowed = Math.max(1, allowed / 2)
    sinceHalved = 0
  }

  return {
    get allowed() {
      return Math.floor(allowed)
    },
    observe({ type, status, ms }) {
      if (type !== 'answer' || status === undefined || ms === undefined) return
      sinceHalved += 1
      if (status === 429 || status === 503) return halve()
      if (status >= 500) return
      quickest = Math.min(quickest, ms)
      if (ms <= quickest * quickFactor + jitterMs) grow()
      else starting = false
    },
  }
}

/** An outage is not ninety thousand failures: after this many without an answer in a row nothing more is sent. */
const mostInARow = 20

/** Tells an outage from single failures, by counting the requests in a row that got no usable answer. */
export interface Outage {
  /** A request was answered, whatever the answer. */
  answered(): void
  /** A request got no usable answer. Returns why nothing more is to be sent once they are too many. */
  noAnswer(error: ApiError): CliError | undefined
}

/** @param hint how to go on when the API is back */
export function createOutage(hint: string): Outage {
  let silent = 0
  return {
    answered() {
      silent = 0
    },
    noAnswer(error) {
      // A 429 is an answer: the API is there, and wants us to wait.
      if (error.status === 429) return undefined
      silent += 1
      if (silent < mostInARow) return undefined
      const message = `${silent} requests in a row got no usable answer: ${error.message}`
      return new CliError('unavailable', message, { hint, cause: error })
    },
  }
}
