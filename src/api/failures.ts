import { parseExact } from '../exact.ts'
import type { Outcome } from './attempt.ts'
import { type Answer, asked, type Call } from './call.ts'
import { claimIn } from './claim.ts'
import { ApiError, type ApiErrorCode, quote } from './errors.ts'

/** What a failed request is explained from. */
export interface Explained {
  readonly call: Call
  readonly outcome: Outcome
  /** How many times it was sent, or tried to be. */
  readonly attempts: number
  readonly unanswered: boolean
  /** Epoch ms, where the server said it. */
  readonly retryAt: number | undefined
  /** Where the API is, for messages. */
  readonly place: string
  /** What to try where it is not there after all. */
  readonly elsewhere: string | undefined
}

/** The error of a request that is not tried again (docs/contract.md#exit-codes, docs/contract.md#retries). */
export function explain(failed: Explained): ApiError {
  const { outcome } = failed
  if (outcome.kind === 'answer') return refused(failed, outcome)
  const times = failed.attempts > 1 ? ` (${failed.attempts} attempts)` : ''
  const { unanswered } = failed
  if (outcome.kind === 'unreached') {
    // An earlier attempt may have been sent.
    const advice = outcome.advice ?? 'check the network, the proxy settings and ORAFI_BASE_URL'
    const hint = `${unanswered ? '' : 'nothing was sent; '}${advice}`
    return new ApiError(
      'unavailable',
      `${asked(failed.call)}: could not reach ${failed.place}: ${outcome.problem}${times}`,
      { unanswered, hint },
    )
  }
  if (failed.call.method === 'POST') return ambiguous(failed.call, outcome.problem)
  return new ApiError('unavailable', `${asked(failed.call)}: ${outcome.problem}${times}`, {
    unanswered,
    hint: 'try again; a longer --timeout may help',
  })
}

function refused(failed: Explained, answer: Extract<Outcome, { kind: 'answer' }>): ApiError {
  const { call, unanswered, retryAt, elsewhere } = failed
  const { status } = answer
  const said = serverMessage(answer.text)
  const told = said === '' ? (answer.problem ?? '') : quote(said)
  const message = `the API answered ${status}${told === '' ? '' : `: ${told}`}`
  // 429 says that it was not carried out; of what is no 4xx that cannot be known (docs/contract.md#retries).
  if (call.method === 'POST' && (status < 400 || status >= 500)) {
    return ambiguous(call, message, status)
  }
  // A proxy or another server answers 404 too, and then nothing is known of a customer.
  if (status === 404 && call.item !== undefined && claimIn(answer.text) === 'error') {
    return new ApiError('not_found', `${asked(call)}: no ${quote(call.item)}: ${message}`, {
      status,
      unanswered,
    })
  }
  const times = failed.attempts > 1 ? ` (${failed.attempts} attempts)` : ''
  return new ApiError(codeOf(status), `${asked(call)}: ${message}${times}`, {
    status,
    unanswered,
    retryAt,
    hint: status === 404 ? notHere(elsewhere) : hintFor(status, retryAt),
  })
}

function codeOf(status: number): ApiErrorCode {
  if (status === 401 || status === 403) return 'auth'
  return status === 429 || status >= 500 ? 'unavailable' : 'api_error'
}

function hintFor(status: number, retryAt: number | undefined): string | undefined {
  if (status === 401) return 'the API does not accept this key; `orafi whoami` shows which one was sent'
  if (status === 403) return 'the key may not do this: live mode needs a verified business'
  if (status >= 300 && status < 400) return 'redirects are not followed: check ORAFI_BASE_URL'
  if (status !== 429 && status < 500) return undefined
  return retryAt === undefined ? 'try again later' : `try again after ${whole(retryAt)}`
}

/** @param at epoch ms; shown rounded up to a second */
function whole(at: number): string {
  return new Date(Math.ceil(at / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/** A change that may have been made: never sent again, and the user is told how to see (docs/contract.md#retries). */
function ambiguous(call: Call, problem: string, status?: number): ApiError {
  return new ApiError('ambiguous', `${asked(call)}: it may have been carried out: ${problem}`, {
    status,
    unanswered: true,
    hint: call.check === undefined ? undefined : `check before you do it again: ${call.check}`,
  })
}

/**
 * The error of a 2xx answer that is not as documented (docs/orafi-api.md#endpoints). A change may nevertheless have
 * been made.
 * @param problem what was found, for `the API sent …`
 */
export function unexpected(answer: Answer, problem: string): ApiError {
  const { call, status } = answer
  const shown = quote(answer.text)
  const found = `the API sent ${problem}${shown === '' ? '' : `: ${shown}`}`
  if (call.method === 'POST') return ambiguous(call, found, status)
  return new ApiError('api_error', `${asked(call)}: ${found}`, {
    status,
    unanswered: answer.unanswered || call.method === 'DELETE',
    hint: 'check ORAFI_BASE_URL, and whether a newer orafi is out',
  })
}

/** A customer is not found where no list of customers is found either: nothing is known of it. */
export function wrongPlace(call: Call, unanswered: boolean, elsewhere: string | undefined): ApiError {
  return new ApiError('api_error', `${asked(call)}: the API answered 404, and so it does to GET /customers`, {
    status: 404,
    unanswered,
    hint: notHere(elsewhere),
  })
}

function notHere(elsewhere: string | undefined): string {
  return `this is not where the API is: check ORAFI_BASE_URL${elsewhere === undefined ? '' : `, or ${elsewhere}`}`
}

/** An interruption between two attempts of a change, of which the first got no answer. */
export function interrupted(call: Call): ApiError {
  return ambiguous(call, 'interrupted before an answer came')
}

/** A changing call of a read-only profile: nothing is sent (docs/contract.md#read-only). */
export function refusedReadOnly(call: Call): ApiError {
  return new ApiError('auth', `${asked(call)}: not sent: this profile is read-only`, {
    hint: '`orafi login --read-write` lifts it, unless ORAFI_READ_ONLY is set',
  })
}

/**
 * The rate limit leaves nothing, and the wait would be longer than is allowed.
 * @param until epoch ms
 */
export function usedUp(call: Call, until: number, unanswered: boolean): ApiError {
  return new ApiError('unavailable', `${asked(call)}: the rate limit is used up`, {
    unanswered,
    retryAt: until,
    hint: `try again after ${whole(until)}, or allow a longer wait with --max-wait`,
  })
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
