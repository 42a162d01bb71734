import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import reasons from './reasons.json' with { type: 'json' }

interface Reason {
  readonly reason: string
  readonly hint?: string
}

/** What a code means, and a hint if the remedy is not obvious. */
const known: Readonly<Record<string, Reason>> = reasons

/** The code of a system error (`ENOENT`), or undefined if it has none. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** A system error in words, and a hint if there is one. The words are `visible()`. */
export function reasonOf(error: unknown): Reason {
  const found = known[errorCode(error) ?? '']
  if (found) return found
  // Node writes `EXDEV: cross-device link not permitted, rename 'a' -> 'b'`.
  const text = error instanceof Error ? error.message.replace(/^[A-Z0-9]+: /, '') : String(error)
  return { reason: visible(text) || (errorCode(error) ?? 'unknown error') }
}

/**
 * Wraps a disk error: `cannot write PATH: the disk is full`. A CliError is returned unchanged.
 * @param action what failed, phrased to follow "cannot": `write`, `create the folder`
 * @returns CliError `local_error`
 */
export function diskError(action: string, path: string, error: unknown): CliError {
  if (error instanceof CliError) return error
  const checkPath = 'check the path, or choose other folders with ORAFI_STATE_DIR and ORAFI_CONFIG_DIR'
  const { reason, hint = checkPath } = reasonOf(error)
  return new CliError('local_error', `cannot ${action} ${visible(path)}: ${reason}`, { hint, cause: error })
}
