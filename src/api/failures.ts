import { parseExact } from '../exact.ts'
import { visible } from '../visible.ts'
import type { Failure, Outcome } from './attempt.ts'
import { type Answer, asked, type Call, claimIn } from './call.ts'
import { ApiError, type ApiErrorCode, type ApiErrorFacts, quote } from './errors.ts'

/** A failed request. */
export interface Failed {
  readonly call: Call
  readonly outcome: Outcome
  /** How many attempts were made. */
  readonly attempts: number
  readonly unanswered: boolean
  /** Epoch ms, and ms from now, if the server said it. */
  readonly retryAt?: number
  readonly retryIn?: number
  /** The origin of the API, for messages. */
  readonly place: string
  readonly elsewhere: string | undefined
}

/** The error of a request that is not retried (docs/contract.md#exit-codes, docs/contract.md#retries). */
export function explain(failed: Failed): ApiError {
  const { call, outcome, unanswered, attempts } = failed
  if (outcome.kind === 'answer') return errorStatus(failed, outcome)
  const times = attempts > 1 ? ` (${attempts} attempts)` : ''
  if (outcome.kind === 'unreached') {
    const message = `${asked(call)}: could not reach ${failed.place}: ${outcome.problem}${times}`
    return new ApiError('unavailable', message, { unanswered, obstacle: outcome.obstacle })
  }
  if (call.method === 'POST') return ambiguous(call, outcome.problem)
  const message = `${asked(call)}: ${outcome.problem}${times}`
  return new ApiError('unavailable', message, { unanswered, obstacle: 'no-answer' })
}

function errorStatus(failed: Failed, answer: Extract<Outcome, { kind: 'answer' }>): ApiError {
  const { call, attempts, unanswered, retryAt, retryIn, elsewhere } = failed
  const { status } = answer
  const text = serverMessage(answer.text)
  const reason = text === '' ? (answer.problem ?? '') : quote(text)
  const message = `the API answered ${status}${reason === '' ? '' : `: ${reason}`}`
  // Only a 4xx means that a create was not carried out (docs/contract.md#retries).
  if (call.method === 'POST' && (status < 400 || status >= 500)) return ambiguous(call, message, status)
  // A 404 without the API's envelope may come from a proxy or another server.
  if (status === 404 && call.item !== undefined && claimIn(answer.text) === 'error') {
    const whole = `${asked(call)}: no ${quote(call.item)}: ${message}`
    return new ApiError('not_found', whole, { status, unanswered })
  }
  const times = attempts > 1 ? ` (${attempts} attempts)` : ''
  const facts = { status, unanswered, retryAt, retryIn, elsewhere }
  return new ApiError(codeOf(status), `${asked(call)}: ${message}${times}`, facts)
}

function codeOf(status: number): ApiErrorCode {
  if (status === 401 || status === 403) return 'auth'
  return status === 429 || status >= 500 ? 'unavailable' : 'api_error'
}

/** A create that may have taken effect: never retried (docs/contract.md#retries). */
function ambiguous(call: Call, problem: string, status?: number): ApiError {
  const message = `${asked(call)}: it may have taken effect: ${problem}`
  const email = call.email === undefined ? undefined : visible(call.email)
  return new ApiError('ambiguous', message, { status, unanswered: true, email })
}

/**
 * The error of an answer that is not as documented (docs/orafi-api.md#endpoints). A change may have taken effect.
 * @param problem completes the sentence `the API sent …`
 */
export function unexpected({ call, status, text, unanswered }: Answer, problem: string): ApiError {
  const shown = quote(text)
  const found = `the API sent ${problem}${shown === '' ? '' : `: ${shown}`}`
  if (call.method === 'POST') return ambiguous(call, found, status)
  return new ApiError('api_error', `${asked(call)}: ${found}`, {
    status,
    unanswered: unanswered || call.method === 'DELETE',
    obstacle: 'unexpected-answer',
  })
}

/** A 404 for a customer from a server that answers 404 for the list too: not an Orafi API. */
export function wrongPlace(call: Call, unanswered: boolean, elsewhere: string | undefined): ApiError {
  const message = `${asked(call)}: the API answered 404, and also for GET /customers`
  return new ApiError('api_error', message, { status: 404, unanswered, elsewhere })
}

/** An interruption between two attempts of a change, after an attempt without an answer. */
export function interrupted(call: Call): ApiError {
  return ambiguous(call, 'interrupted before an answer came')
}

/** A change requested of a read-only client; nothing is sent (docs/contract.md#read-only). */
export function refusedReadOnly(call: Call): ApiError {
  const message = `${asked(call)}: not sent: this profile is read-only`
  return new ApiError('auth', message, { obstacle: 'read-only' })
}

/** The rate limit is used up, and the wait would be longer than allowed. */
export function usedUp(
  call: Call,
  facts: Pick<ApiErrorFacts, 'retryAt' | 'retryIn' | 'unanswered'>,
): ApiError {
  return new ApiError('unavailable', `${asked(call)}: the rate limit is exhausted`, {
    ...facts,
    obstacle: 'long-wait',
  })
}

/** The `message` of the error envelope (some servers send an array), or else the whole body. */
function serverMessage(text: string): string {
  let document: unknown
  try {
    document = parseExact(text)
  } catch {
    return text
  }
  if (typeof document !== 'object' || document === null || !('message' in document)) return text
  const { message } = document
  if (typeof message === 'string') return message
  if (Array.isArray(message) && message.every((part) => typeof part === 'string')) return message.join('; ')
  return text
}

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
