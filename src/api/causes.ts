import { quote } from './errors.ts'

/** What went wrong on the wire, in words for people. */
const words: ReadonlyMap<string, string> = new Map([
  // What undici says of the informational answers that it does not take.
  ['bad response', 'the server sent an answer that was not asked for, such as 100 Continue'],
  ['bad upgrade', 'the server wants to switch protocols (101), which was not asked for'],
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'the connection was cut'],
  ['EPIPE', 'the connection was cut'],
  ['ECONNABORTED', 'the connection was cut'],
  ['UND_ERR_SOCKET', 'the connection was cut'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the answer was cut short'],
  ['ENOTFOUND', 'no such host (DNS)'],
  ['EAI_AGAIN', 'the host could not be looked up (DNS)'],
  ['EAI_NODATA', 'no such host (DNS)'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ETIMEDOUT', 'no connection in time'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'the other side does not speak TLS'],
  ['UND_ERR_HEADERS_OVERFLOW', 'the headers of the answer are too large'],
  ['UND_ERR_DESTROYED', 'the client is closed'],
  ['UND_ERR_CLOSED', 'the client is closed'],
])

/** Says what failed on the wire: short words where the code is known, else the error's own. */
export function describeCause(error: Error): string {
  const known = words.get(error.message) ?? words.get(codeOf(error))
  if (known !== undefined) return known
  if (error.name === 'HTTPParserError') return 'the answer is not HTTP'
  const fault = /SSL routines:[^:]*:([^:]+)/.exec(error.message)
  if (fault) return `TLS failed: ${fault[1]}`
  return quote(error.message) || codeOf(error) || error.name
}

/**
 * There is no connection, so nothing was sent. Every failure to connect becomes one of these before undici sees it:
 * after some errors of its own undici would connect again and again, thousands of times a second.
 */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  /** Another attempt would fail in the same way. */
  readonly permanent: boolean

  /** @param problem in words, for messages */
  constructor(problem: string, permanent = false) {
    super(problem)
    this.permanent = permanent
  }
}

/** The error of a connection that failed, whatever failed. */
export function connectErrorOf(error: Error): ConnectError {
  if (error instanceof ConnectError) return error
  return new ConnectError(describeCause(error), isPermanent(error))
}

/**
 * Whether another connection would fail in the same way: waiting helps neither against a certificate that is not
 * trusted, nor against no TLS on the other side, nor against a client that was closed.
 */
export function isPermanent(error: Error): boolean {
  return error instanceof ConnectError ? error.permanent : permanentCodes.test(codeOf(error))
}

const permanentCodes =
  /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH|UND_ERR_DESTROYED|UND_ERR_CLOSED)/

/** Where several addresses of a host were tried, the error has a code and no message. */
function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code
  return ''
}
