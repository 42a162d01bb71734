import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'the path has too many symbolic links',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk answered with an input/output error',
}

const hints: Record<string, string> = {
  ENOSPC: 'make room on the disk, then try again',
  EDQUOT: 'make room within the quota, then try again',
  EIO: 'check the disk, then try again',
}

/** The system's code of an error (`ENOENT`), or undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/**
 * What the disk refused, in words: `cannot write PATH: the disk is full`. An
 * error that is a CliError already is handed back as it is.
 *
 * @param deed what was tried, as it follows "cannot": `write`, `make the folder`
 */
export function diskError(deed: string, path: string, error: unknown): CliError {
  if (error instanceof CliError) return error
  const code = errorCode(error)
  const reason = (code && reasons[code]) ?? (error instanceof Error ? visible(error.message) : String(error))
  const elsewhere = 'check the path, or choose other folders with ORAFI_STATE_DIR and ORAFI_CONFIG_DIR'
  return new CliError('api_error', `cannot ${deed} ${visible(path)}: ${reason}`, {
    hint: (code && hints[code]) ?? elsewhere,
    cause: error,
  })
}
