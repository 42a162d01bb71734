import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

/** What a code means, and what can be done about it where that is not plain. */
const reasons: Readonly<Record<string, readonly [reason: string, hint?: string]>> = {
  ENOSPC: ['the disk is full', 'make room on the disk, then try again'],
  EDQUOT: ['the disk quota is used up', 'make room within the quota, then try again'],
  EFBIG: ['the file would become larger than is allowed', 'raise the limit (ulimit -f), then try again'],
  EROFS: ['the disk is read-only'],
  EACCES: ['permission denied'],
  EPERM: ['permission denied'],
  ENOENT: ['there is no such file or folder'],
  ENOTDIR: ['a part of the path is a file, not a folder'],
  EISDIR: ['it is a folder, not a file'],
  ENAMETOOLONG: ['the path is too long'],
  ELOOP: ['the path has too many symbolic links'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n 1024), then try again'],
  ENFILE: ['too many files are open', 'close other programs, then try again'],
  EIO: ['the disk answered with an input/output error', 'check the disk, then try again'],
  EPIPE: ['nobody reads what is written'],
  EAGAIN: ['the system has no more of this to give just now', 'try again later'],
  ENOMEM: ['there is not enough memory', 'close other programs, then try again'],
  EBUSY: ['it is in use', 'try again later'],
}

/** The system's code of an error (`ENOENT`), or undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** What the system refused in words, and what can be done about it where that is known. The words are visible(). */
export function reasonOf(error: unknown): { readonly reason: string; readonly hint?: string } {
  const known = reasons[errorCode(error) ?? '']
  if (known) return { reason: known[0], ...(known[1] === undefined ? {} : { hint: known[1] }) }
  // Node writes `EXDEV: cross-device link not permitted, rename 'a' -> 'b'`.
  const text = error instanceof Error ? error.message.replace(/^[A-Z0-9]+: /, '') : String(error)
  return { reason: visible(text) || (errorCode(error) ?? 'no reason was given') }
}

/**
 * What the disk refused: `cannot write PATH: the disk is full`. An error that
 * is a CliError already is handed back as it is.
 *
 * @param deed what was tried, as it follows "cannot": `write`, `make the folder`
 * @returns CliError `local_error`
 */
export function diskError(deed: string, path: string, error: unknown): CliError {
  if (error instanceof CliError) return error
  const elsewhere = 'check the path, or choose other folders with ORAFI_STATE_DIR and ORAFI_CONFIG_DIR'
  const { reason, hint = elsewhere } = reasonOf(error)
  return new CliError('local_error', `cannot ${deed} ${visible(path)}: ${reason}`, { hint, cause: error })
}
