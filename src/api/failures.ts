import { parseExact } from '../exact.ts'
import { visible } from '../visible.ts'
import type { Outcome } from './attempt.ts'
import { type Answer, asked, type Call, claimIn } from './call.ts'
import { ApiError, type ApiErrorCode, quote } from './errors.ts'

/** What a failed request is explained from. */
export interface Failed {
  readonly call: Call
  readonly outcome: Outcome
  /** How many times it was sent, or tried to be. */
  readonly attempts: number
  readonly unanswered: boolean
  /** Epoch ms, where the server said it. */
  readonly retryAt: number | undefined
  /** Where the API is, for messages. */
  readonly place: string
  readonly elsewhere: string | undefined
}

/** The error of a request that is not tried again (docs/contract.md#exit-codes, docs/contract.md#retries). */
export function explain(failed: Failed): ApiError {
  const { call, outcome, unanswered, attempts } = failed
  if (outcome.kind === 'answer') return refused(failed, outcome)
  const times = attempts > 1 ? ` (${attempts} attempts)` : ''
  if (outcome.kind === 'unreached') {
    const message = `${asked(call)}: could not reach ${failed.place}: ${outcome.problem}${times}`
    return new ApiError('unavailable', message, { unanswered, obstacle: outcome.obstacle })
  }
  if (call.method === 'POST') return ambiguous(call, outcome.problem)
  const message = `${asked(call)}: ${outcome.problem}${times}`
  return new ApiError('unavailable', message, { unanswered, obstacle: 'no-answer' })
}

function refused(failed: Failed, answer: Extract<Outcome, { kind: 'answer' }>): ApiError {
  const { call, attempts, unanswered, retryAt, elsewhere } = failed
  const { status } = answer
  const said = serverMessage(answer.text)
  const told = said === '' ? (answer.problem ?? '') : quote(said)
  const message = `the API answered ${status}${told === '' ? '' : `: ${told}`}`
  // 429 says that it was not carried out; of what is no 4xx that cannot be known (docs/contract.md#retries).
  if (call.method === 'POST' && (status < 400 || status >= 500)) return ambiguous(call, message, status)
  // A proxy or another server answers 404 too, and then nothing is known of a customer.
  if (status === 404 && call.item !== undefined && claimIn(answer.text) === 'error') {
    const whole = `${asked(call)}: no ${quote(call.item)}: ${message}`
    return new ApiError('not_found', whole, { status, unanswered })
  }
  const times = attempts > 1 ? ` (${attempts} attempts)` : ''
  const facts = { status, unanswered, retryAt, elsewhere }
  return new ApiError(codeOf(status), `${asked(call)}: ${message}${times}`, facts)
}

function codeOf(status: number): ApiErrorCode {
  if (status === 401 || status === 403) return 'auth'
  return status === 429 || status >= 500 ? 'unavailable' : 'api_error'
}

/** A change that may have been made: never sent again (docs/contract.md#retries). */
function ambiguous(call: Call, problem: string, status?: number): ApiError {
  const message = `${asked(call)}: it may have been carried out: ${problem}`
  const email = call.email === undefined ? undefined : visible(call.email)
  return new ApiError('ambiguous', message, { status, unanswered: true, email })
}

/**
 * The error of a 2xx answer that is not as documented (docs/orafi-api.md#endpoints). A change may nevertheless have
 * been made.
 * @param problem what was found, for `the API sent …`
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

/** A customer is not found where no list of customers is found either: nothing is known of it. */
export function wrongPlace(call: Call, unanswered: boolean, elsewhere: string | undefined): ApiError {
  const message = `${asked(call)}: the API answered 404, and so it does to GET /customers`
  return new ApiError('api_error', message, { status: 404, unanswered, elsewhere })
}

/** An interruption between two attempts of a change, of which the first got no answer. */
export function interrupted(call: Call): ApiError {
  return ambiguous(call, 'interrupted before an answer came')
}

/** A changing call of a read-only client: nothing is sent (docs/contract.md#read-only). */
export function refusedReadOnly(call: Call): ApiError {
  const message = `${asked(call)}: not sent: this profile is read-only`
  return new ApiError('auth', message, { obstacle: 'read-only' })
}

/**
 * The rate limit leaves nothing, and the wait would be longer than is allowed.
 * @param until epoch ms
 */
export function usedUp(call: Call, until: number, unanswered: boolean): ApiError {
  const message = `${asked(call)}: the rate limit is used up`
  return new ApiError('unavailable', message, { unanswered, retryAt: until, obstacle: 'long-wait' })
}

/** The error envelope's `message` (some servers send several), or whatever came instead. */
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
