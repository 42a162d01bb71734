/**
 * The codes an error can carry; `main.ts` gives each its exit code (docs/contract.md#exit-codes).
 */
export type ErrorCode =
  /** The API refused, or answered what nobody expected. */
  | 'api_error'
  /** This machine refused: its disk, a file, a lock, a folder, a damaged config or journal, the output. */
  | 'local_error'
  | 'usage'
  | 'not_found'
  | 'auth'
  | 'unavailable'
  | 'partial'
  | 'declined'
  | 'ambiguous'
  | 'interrupted'

/** What an error may carry besides its code and message. */
export interface ErrorDetails {
  /** What the user can do next: one sentence, or a command to type. */
  hint?: string
  /** The exit code, where one code has several (`interrupted`: 129, 130, 143). */
  exitCode?: number
  cause?: unknown
}

/**
 * An error that the user is meant to read: what went wrong, with which value,
 * and what to do next. Anything else that is thrown is a bug of ours.
 */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly exitCode: number | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = details.hint
    this.exitCode = details.exitCode
  }
}

/**
 * The reader of our output went away (`… | head -1`). Ends a reading command quietly with 0; a changing command
 * finishes its work (docs/contract.md#whole-output).
 */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe'

  constructor() {
    super('the reader closed the pipe')
  }
}
