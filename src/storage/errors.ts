import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** What a code means, and a hint if the remedy is not obvious. */
const reasons: Readonly<Record<string, readonly [reason: string, hint?: string]>> = {
  ENOSPC: ['the disk is full', 'make room on the disk, then try again'],
  EDQUOT: ['the disk quota is used up', 'make room within the quota, then try again'],
  EFBIG: ['the file would exceed the size limit', 'raise the limit (ulimit -f), then try again'],
  EROFS: ['the disk is read-only'],
  EACCES: ['permission denied'],
  EPERM: ['permission denied'],
  ENOENT: ['there is no such file or folder'],
  ENOTDIR: ['part of the path is a file, not a folder'],
  EISDIR: ['it is a folder, not a file'],
  ENAMETOOLONG: ['the path is too long'],
  ELOOP: ['the path has too many symbolic links'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n 1024), then try again'],
  ENFILE: ['too many files are open', 'close other programs, then try again'],
  EIO: ['the disk reported an input/output error', 'check the disk, then try again'],
  EPIPE: ['the reader closed the pipe'],
  EAGAIN: ['a system resource is temporarily unavailable', 'try again later'],
  ENOMEM: ['there is not enough memory', 'close other programs, then try again'],
  EBUSY: ['it is in use', 'try again later'],
}

/** The code of a system error (`ENOENT`), or undefined if it has none. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** A system error in words, and a hint if there is one. The words are `visible()`. */
export function reasonOf(error: unknown): { readonly reason: string; readonly hint?: string } {
  const known = reasons[errorCode(error) ?? '']
  if (known) return { reason: known[0], ...(known[1] === undefined ? {} : { hint: known[1] }) }
  // Node writes `EXDEV: cross-device link not permitted, rename 'a' -> 'b'`.
  const text = error instanceof Error ? error.message.replace(/^[A-Z0-9]+: /, '') : String(error)
  return { reason: visible(text) || (errorCode(error) ?? 'unknown error') }
}

/**
 * Wraps a disk error: `cannot write PATH: the disk is full`. A CliError is returned unchanged.
 *
 * @param action what failed, phrased to follow "cannot": `write`, `create the folder`
 * @returns CliError `local_error`
 */
export function diskError(action: string, path: string, error: unknown): CliError {
  if (error instanceof CliError) return error
  const checkPath = 'check the path, or choose other folders with ORAFI_STATE_DIR and ORAFI_CONFIG_DIR'
  const { reason, hint = checkPath } = reasonOf(error)
  return new CliError('local_error', `cannot ${action} ${visible(path)}: ${reason}`, { hint, cause: error })
}
