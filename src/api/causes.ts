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
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by nobody but itself'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate comes from an authority that is not trusted here'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the issuer of its certificate is not known here'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'the issuer of its certificate is not known here'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'the issuer of its certificate is not known here'],
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

const trustIt =
  'if you trust its issuer, save the certificate of that as PEM and name the file in NODE_EXTRA_CA_CERTS'
const checkClock =
  'check the clock of this machine; if it is right, the certificate has to be renewed over there'

/** What the user can do about a certificate. */
const certificateAdvice: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', checkClock],
  ['CERT_NOT_YET_VALID', checkClock],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', trustIt],
  ['SELF_SIGNED_CERT_IN_CHAIN', trustIt],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', trustIt],
  ['UNABLE_TO_GET_ISSUER_CERT', trustIt],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', trustIt],
])

/** What the user can do about it, where that is more than to check the network and the settings. */
export function adviceOn(error: Error): string | undefined {
  return error instanceof ConnectError ? error.advice : certificateAdvice.get(codeOf(error))
}

/**
 * There is no connection, so nothing was sent. Every failure to connect becomes one of these before undici sees it:
 * after some errors of its own undici would connect again and again, thousands of times a second.
 */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  /** Another attempt would fail in the same way. */
  readonly permanent: boolean
  /** What the user can do about it, where that is more than to check the network and the settings. */
  readonly advice: string | undefined

  /** @param problem in words, for messages */
  constructor(problem: string, permanent = false, advice?: string) {
    super(problem)
    this.permanent = permanent
    this.advice = advice
  }
}

/** The error of a connection that failed, whatever failed. */
export function connectErrorOf(error: Error): ConnectError {
  if (error instanceof ConnectError) return error
  return new ConnectError(describeCause(error), isPermanent(error), adviceOn(error))
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
