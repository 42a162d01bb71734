import { describeCause } from './api/errors.ts'
import { CliError } from './errors.ts'
import { errorCode, reasonOf } from './storage/errors.ts'
import { visible } from './visible.ts'

/** Codes of Node, undici and OpenSSL for network errors. */
const network =
  /^(?:E(?:CONN|HOST|NET|AI_)\w+|ENOTFOUND|ENOTCONN|ESHUTDOWN|ETIMEDOUT|EPROTO|UND_ERR_\w+|ERR_(?:TLS|SSL)_\w+|CERT_\w+|DEPTH_ZERO\w*|SELF_SIGNED\w*|UNABLE_TO_\w+)$/

/** System calls that only use the network. */
const networkCalls = /^(?:connect|getaddrinfo|getnameinfo|query\w+)$/

/** Codes of the system (`ENOSPC`) and zlib, and Node's code for a closed pipe. */
const system = /^(?:E[A-Z0-9]+|WSA[A-Z0-9_]+|Z_\w+|ERR_STREAM_PREMATURE_CLOSE)$/

/** Messages and codes of V8 and Node for too little memory. */
const tooMuch =
  /^Invalid (?:string|array) length$|allocation failed|out of memory|(?:cannot|could not) allocate|maximum size exceeded/i
const tooMuchCodes = /^ERR_(?:FS_FILE_TOO_LARGE|STRING_TOO_LONG|BUFFER_TOO_LARGE|\w*MEMORY\w*)$/

/**
 * Converts an unexpected system error: `unavailable` for the network, else `local_error`. Undefined for any other
 * error, which is a bug in orafi.
 */
export function systemError(error: unknown): CliError | undefined {
  if (!(error instanceof Error)) return undefined
  const code = errorCode(error) ?? ''
  const call = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : ''
  if (network.test(code) || networkCalls.test(call)) {
    return new CliError('unavailable', `network error: ${describeCause(error)}`, {
      hint: 'check the network, the proxy settings and ORAFI_BASE_URL, then try again',
      cause: error,
    })
  }
  if (tooMuchCodes.test(code) || code === 'ENOMEM' || tooMuch.test(error.message)) {
    return new CliError('local_error', 'out of memory', {
      hint: 'process less data at a time, or allow more memory: NODE_OPTIONS=--max-old-space-size=8192',
      cause: error,
    })
  }
  if (call === 'uv_cwd') {
    return new CliError('local_error', 'the current folder no longer exists', {
      hint: 'change to another folder (cd), then try again',
      cause: error,
    })
  }
  if (!system.test(code)) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : ''
  const where = visible([call, path].filter((part) => part !== '').join(' '))
  const { reason, hint = 'run it again with --debug to see where it happened' } = reasonOf(error)
  return new CliError('local_error', `system error: ${reason}${where === '' ? '' : ` (${where})`}`, {
    hint,
    cause: error,
  })
}
