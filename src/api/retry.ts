import type { Call } from './call.ts'

/** How an attempt failed. */
export type Failure =
  /** Nothing of the request was written. Permanent: another attempt would fail in the same way (a bad certificate). */
  | { readonly kind: 'unreached'; readonly permanent: boolean }
  /** Some of the request may have been written, and no complete answer came. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'status'; readonly status: number }

export interface Attempt {
  readonly method: Call['method']
  /** 1 for the first. */
  readonly number: number
  /** The maximum number of retries. */
  readonly retries: number
  readonly failure: Failure
}

/** Statuses that are worth a retry (docs/contract.md#retries). */
const transient = new Set([429, 500, 502, 503, 504])

/**
 * Why a failed attempt is retried; undefined if it is not (docs/contract.md#retries; other 4xx never:
 * docs/orafi-api.md#statuses).
 */
export function reasonToRetry({ method, number, retries, failure }: Attempt): string | undefined {
  const creates = method === 'POST'
  // Another attempt would fail in the same way, and the user can do something about it.
  if (failure.kind === 'unreached' && failure.permanent) return undefined
  // Redirects are never followed, and another attempt would get the same 4xx.
  if (failure.kind === 'status' && !transient.has(failure.status)) return undefined
  // There is no idempotency key: a retry could create the customer twice. Only a 429 means that it was not created.
  if (creates && failure.kind === 'lost') return undefined
  if (creates && failure.kind === 'status' && failure.status !== 429) return undefined
  if (number > retries) return undefined
  // Nothing was written, so the request was not carried out: safe for a create too.
  if (failure.kind === 'unreached') return 'could not connect'
  // GET and DELETE are idempotent.
  if (failure.kind === 'lost') return 'no answer came'
  return failure.status === 429 ? 'rate limited' : `the API answered ${failure.status}`
}

/** The longest first pause (ms); the bound doubles with each attempt. */
const basePause = 500

/** The longest pause, unless the server states one (ms). */
const longestPause = 20_000

/**
 * How long to wait before the next attempt, in whole ms: the server's stated wait, else exponential backoff with full
 * jitter, so that many clients do not retry at the same moment (docs/contract.md#retries).
 * @param number of the attempt that failed, 1 for the first
 * @param random in [0, 1)
 * @param stated the wait that the server stated (ms); 0 for none
 */
export function delay(number: number, random: number, stated: number): number {
  if (stated > 0) return Math.ceil(stated)
  return Math.floor(random * Math.min(longestPause, basePause * 2 ** (number - 1)))
}
