import { visible } from '../visible.ts'

export type ApiErrorCode =
  | 'api_error'
  /** The environment holds what cannot be used. */
  | 'usage'
  | 'not_found'
  | 'auth'
  | 'unavailable'
  | 'ambiguous'

/** What an `ApiError` may carry besides its code and message. */
export interface ApiErrorDetails {
  readonly status?: number | undefined
  readonly hint?: string | undefined
  readonly unanswered?: boolean | undefined
  readonly retryAt?: number | undefined
  readonly cause?: unknown
}

/**
 * A call that did not give what was asked for. The message says what was
 * asked, what the server said (made visible, bounded); the hint what to do.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  /** The HTTP status of the last answer, if there was one. */
  readonly status: number | undefined
  readonly hint: string | undefined
  /** Some attempt of this request may have reached the server without a definite answer. */
  readonly unanswered: boolean
  /** When a rate limit says to try again (epoch ms). */
  readonly retryAt: number | undefined

  constructor(code: ApiErrorCode, message: string, details: ApiErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.status = details.status
    this.hint = details.hint
    this.unanswered = details.unanswered ?? false
    this.retryAt = details.retryAt
  }

  /** The same error with its texts changed: a new one, since the stack holds the message too. */
  with(change: (text: string) => string): ApiError {
    const { code, status, unanswered, retryAt } = this
    const hint = this.hint === undefined ? undefined : change(this.hint)
    return new ApiError(code, change(this.message), { status, hint, unanswered, retryAt })
  }
}

/** The most characters that are quoted from an answer (docs/contract.md#answers). */
const quoted = 200

/** Untrusted text for a message: one line, control characters made visible, at most 200 characters of it. */
export function quote(text: string): string {
  const trimmed = text.trim()
  const shown = visible(trimmed.slice(0, quoted))
  return trimmed.length > quoted ? `${shown}…` : shown
}
