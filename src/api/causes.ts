import { quote } from './errors.ts'

/** What went wrong on the wire, in words for people. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ECONNABORTED: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut short',
  ENOTFOUND: 'no such host (DNS)',
  EAI_AGAIN: 'the host could not be looked up (DNS)',
  EAI_NODATA: 'no such host (DNS)',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
  UND_ERR_DESTROYED: 'the client is closed',
  UND_ERR_CLOSED: 'the client is closed',
}

/** Says what failed on the wire: short words where the code is known, else the error's own. */
export function describeCause(error: Error): string {
  const code = codeOf(error)
  const known = words[code]
  if (known !== undefined) return known
  if (error.name === 'HTTPParserError') return 'the answer is not HTTP'
  const refusal = /^Proxy response \((\d+)\)/.exec(error.message)
  if (refusal) return `the proxy refused the connection (${refusal[1]})`
  const said = quote(error.message)
  return said === '' ? code || error.name : said
}

/**
 * Whether another connection would fail in the same way: a certificate that is
 * not trusted, or no TLS on the other side, is not mended by waiting; nor is a
 * client that was closed.
 */
export function isPermanent(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS|UND_ERR_DESTROYED|UND_ERR_CLOSED)/.test(
    codeOf(cause),
  )
}

/** Where several addresses of a host were tried, the error has a code and no message. */
function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code
  return ''
}
