import { visible } from '../visible.ts'
import networkErrors from './network-errors.json' with { type: 'json' }

export type ApiErrorCode =
  | 'api_error'
  /** A variable in the environment is invalid. */
  | 'usage'
  | 'not_found'
  | 'auth'
  | 'unavailable'
  | 'ambiguous'

/** The cause of an error, if code and status do not say it. */
export type Obstacle =
  | 'unreached'
  | 'certificate-expired'
  | 'certificate-untrusted'
  | 'proxy-credentials'
  /** A variable does not hold the URL of a proxy; the fact `variable` is its name. */
  | 'proxy-url'
  | 'proxy-encoding'
  | 'no-answer'
  | 'unexpected-answer'
  | 'read-only'
  /** The wait for the rate limit would be longer than allowed. */
  | 'long-wait'

/** Details of an `ApiError`. All texts are visible(). */
export interface ApiErrorFacts {
  /** The HTTP status of the last answer, if there was one. */
  readonly status?: number | undefined
  /** An attempt may have reached the server without a definite answer. */
  readonly unanswered?: boolean | undefined
  /** When to try again, according to the rate limit (epoch ms). */
  readonly retryAt?: number | undefined
  /** The same, from when the error was thrown (ms). */
  readonly retryIn?: number | undefined
  readonly obstacle?: Obstacle | undefined
  readonly variable?: string | undefined
  /** The e-mail of the customer that may have been created. */
  readonly email?: string | undefined
  /** The client's `elsewhere`, if the API is not at the base URL. */
  readonly elsewhere?: string | undefined
  readonly cause?: unknown
}

/**
 * A failed call. The message has the request and what the server said (visible() and bounded); src/hints.ts words the
 * hint from the facts.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly status: number | undefined
  readonly unanswered: boolean
  readonly retryAt: number | undefined
  readonly facts: ApiErrorFacts

  constructor(code: ApiErrorCode, message: string, facts: ApiErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    const { cause: _, ...rest } = facts
    this.code = code
    this.status = facts.status
    this.unanswered = facts.unanswered ?? false
    this.retryAt = facts.retryAt
    this.facts = rest
  }

  /** A copy of the error with its texts changed. A copy, since the stack holds the message too. */
  with(change: (text: string) => string): ApiError {
    const { email, elsewhere } = this.facts
    return new ApiError(this.code, change(this.message), {
      ...this.facts,
      email: email && change(email),
      elsewhere: elsewhere && change(elsewhere),
    })
  }
}

/** How many characters of an answer are quoted (docs/contract.md#answers). */
const quoted = 200

/** Untrusted text for a message: one line, control characters made visible, at most 200 characters of it. */
export function quote(text: string): string {
  const trimmed = text.trim()
  const shown = visible(trimmed.slice(0, quoted))
  return trimmed.length > quoted ? `${shown}…` : shown
}

/** Network errors by their code, or by undici's message for informational answers that it does not accept, in words. */
const words: ReadonlyMap<string, string> = new Map(Object.entries(networkErrors))

/** Describes a network error: in our own words if the code is known, else by its message. */
export function describeCause(error: Error): string {
  const known = words.get(error.message) ?? words.get(codeOf(error))
  if (known !== undefined) return known
  if (error.name === 'HTTPParserError') return 'the answer is not HTTP'
  const fault = /SSL routines:[^:]*:([^:]+)/.exec(error.message)
  if (fault) return `TLS failed: ${fault[1]}`
  return quote(error.message) || codeOf(error) || error.name
}

/**
 * Connecting failed, so nothing was sent. Every connection error is converted to this class before undici sees it:
 * after some errors undici would otherwise reconnect thousands of times a second.
 */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  /** Whether another attempt would fail in the same way. */
  readonly permanent: boolean
  readonly obstacle: Obstacle

  /** @param problem in words, for messages */
  constructor(problem: string, permanent = false, obstacle: Obstacle = 'unreached') {
    super(problem)
    this.permanent = permanent
    this.obstacle = obstacle
  }
}

/** Errors that a retry does not resolve: certificates, a server without TLS, a closed client. */
const permanentCodes =
  /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH|UND_ERR_DESTROYED|UND_ERR_CLOSED)/
const expiredCodes = /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/
const untrustedCodes =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?)$/

/** Converts any connection error. */
export function connectErrorOf(error: Error): ConnectError {
  if (error instanceof ConnectError) return error
  const code = codeOf(error)
  const untrusted = untrustedCodes.test(code) ? 'certificate-untrusted' : 'unreached'
  const obstacle = expiredCodes.test(code) ? 'certificate-expired' : untrusted
  return new ConnectError(describeCause(error), permanentCodes.test(code), obstacle)
}

/** If several addresses of a host were tried, the error has a code and no message. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
