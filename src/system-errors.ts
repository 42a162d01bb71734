import { describeCause } from './api/errors.ts'
import { CliError } from './errors.ts'
import { errorCode, reasonOf } from './storage/errors.ts'
import { visible } from './visible.ts'

/** Connections, names and certificates: Node's, undici's and OpenSSL's codes. */
const network =
  /^(?:E(?:CONN|HOST|NET|AI_)\w+|ENOTFOUND|ENOTCONN|ESHUTDOWN|ETIMEDOUT|EPROTO|UND_ERR_\w+|ERR_(?:TLS|SSL)_\w+|CERT_\w+|DEPTH_ZERO\w*|SELF_SIGNED\w*|UNABLE_TO_\w+)$/

/** Calls that only the network answers, whatever code they fail with. */
const networkCalls = /^(?:connect|getaddrinfo|getnameinfo|query\w+)$/

/** The system's own codes (`ENOSPC`), zlib's, and what Node says where the other end of a pipe went away. */
const system = /^(?:E[A-Z0-9]+|WSA[A-Z0-9_]+|Z_\w+|ERR_STREAM_PREMATURE_CLOSE)$/

/** V8 and Node say it in words and codes of their own, by where it happened. */
const tooMuch =
  /^Invalid (?:string|array) length$|allocation failed|out of memory|(?:cannot|could not) allocate|maximum size exceeded/i
const tooMuchCodes = /^ERR_(?:FS_FILE_TOO_LARGE|STRING_TOO_LONG|BUFFER_TOO_LARGE|\w*MEMORY\w*)$/

/**
 * What the system refused in a place where nobody put it into words: `unavailable` where it was the network, else
 * `local_error`. Undefined for any other error: that is a mistake in orafi.
 */
export function systemError(error: unknown): CliError | undefined {
  if (!(error instanceof Error)) return undefined
  const code = errorCode(error) ?? ''
  const call = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : ''
  if (network.test(code) || networkCalls.test(call)) {
    return new CliError('unavailable', `the network failed: ${describeCause(error)}`, {
      hint: 'check the network, the proxy settings and ORAFI_BASE_URL, then try again',
      cause: error,
    })
  }
  if (tooMuchCodes.test(code) || code === 'ENOMEM' || tooMuch.test(error.message)) {
    return new CliError('local_error', 'this is more than fits into memory at once', {
      hint: 'work on less at a time, or give it more memory: NODE_OPTIONS=--max-old-space-size=8192',
      cause: error,
    })
  }
  if (call === 'uv_cwd') {
    return new CliError('local_error', 'the current folder is not there any more', {
      hint: 'change to another folder (cd), then try again',
      cause: error,
    })
  }
  if (!system.test(code)) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : ''
  const where = visible([call, path].filter((part) => part !== '').join(' '))
  const { reason, hint = 'with --debug the same command shows where it happened' } = reasonOf(error)
  return new CliError('local_error', `the system refused: ${reason}${where === '' ? '' : ` (${where})`}`, {
    hint,
    cause: error,
  })
}
