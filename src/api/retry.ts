import type { Call } from './call.ts'

/** How an attempt failed. */
export type Failure =
  /** Not a byte of the request was written. Permanent: another attempt would meet the same (a bad certificate). */
  | { readonly kind: 'unreached'; readonly permanent: boolean }
  /** Some of the request may have been written, and no whole answer came. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'status'; readonly status: number }

export interface Attempt {
  readonly method: Call['method']
  /** 1 for the first. */
  readonly number: number
  /** How many may follow the first. */
  readonly retries: number
  readonly failure: Failure
}

/** Statuses that may pass by themselves (docs/contract.md#retries). */
const passing = new Set([429, 500, 502, 503, 504])

/**
 * Why a failed attempt is made again; undefined where it is not: pure, each branch with its reason
 * (docs/contract.md#retries; other 4xx never: docs/orafi-api.md#statuses).
 */
export function reasonToRetry({ method, number, retries, failure }: Attempt): string | undefined {
  const creates = method === 'POST'
  // Another attempt would fail in the same way, and the user can do something about it.
  if (failure.kind === 'unreached' && failure.permanent) return undefined
  // Refused for good, or not there: 3xx is never followed, other 4xx never pass.
  if (failure.kind === 'status' && !passing.has(failure.status)) return undefined
  // There is no idempotency key: a create that may have arrived would be made twice. Only 429 says that it was not.
  if (creates && failure.kind === 'lost') return undefined
  if (creates && failure.kind === 'status' && failure.status !== 429) return undefined
  if (number > retries) return undefined
  // Nothing was written, so nothing can have been carried out: safe for a create too.
  if (failure.kind === 'unreached') return 'the API was not reached'
  // A GET changes nothing, and a second DELETE changes nothing more.
  if (failure.kind === 'lost') return 'no answer came'
  return `the API answered ${failure.status}`
}

/** The first pause is at most this long (ms); each further one at most twice the one before. */
const basePause = 500

/** No pause is longer than this, unless the server says so (ms). */
const longestPause = 20_000

/**
 * How long to wait before the next attempt, in whole ms: what the server stated, else exponential backoff with full
 * jitter, so that many clients do not come back at the same moment (docs/contract.md#retries).
 * @param number of the attempt that failed, 1 for the first
 * @param random in [0, 1)
 * @param stated the server's own wait (ms); 0 leaves it to the backoff
 */
export function delay(number: number, random: number, stated: number): number {
  if (stated > 0) return Math.ceil(stated)
  return Math.floor(random * Math.min(longestPause, basePause * 2 ** (number - 1)))
}
