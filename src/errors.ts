/** All exit codes, with their `error.code` and meaning (docs/contract.md#exit-codes). */
export const exitCodes = [
  { exit: 0, code: undefined, meaning: 'success' },
  { exit: 1, code: 'api_error', meaning: 'the API refused the request or sent an unexpected response' },
  {
    exit: 1,
    code: 'local_error',
    meaning: 'a problem on this machine: disk, file, lock, damaged config or journal, output',
  },
  { exit: 1, code: 'exists', meaning: 'a customer with this e-mail exists; nothing was created' },
  {
    exit: 2,
    code: 'usage',
    meaning: 'a wrong flag or value, or confirmation is needed and there is no terminal',
  },
  { exit: 3, code: 'not_found', meaning: 'no such customer, or nothing found' },
  { exit: 4, code: 'auth', meaning: 'not signed in, not permitted, key of the wrong mode, or read-only' },
  {
    exit: 5,
    code: 'unavailable',
    meaning: 'the API could not be reached, or was unavailable after all retries',
  },
  { exit: 6, code: 'partial', meaning: 'some items succeeded and some did not' },
  { exit: 7, code: 'declined', meaning: 'not confirmed at the prompt' },
  { exit: 8, code: 'ambiguous', meaning: 'a change was sent, and its outcome is unknown' },
  { exit: 129, code: 'interrupted', meaning: 'the terminal was closed (SIGHUP)' },
  { exit: 130, code: 'interrupted', meaning: 'interrupted with Ctrl-C (SIGINT)' },
  { exit: 143, code: 'interrupted', meaning: 'terminated (SIGTERM)' },
] as const

/** The codes of errors. */
export type ErrorCode = Exclude<(typeof exitCodes)[number]['code'], undefined>

/** The exit code of an error code; for `interrupted`, that of Ctrl-C. */
export function exitCodeOf(code: ErrorCode): number {
  return code === 'interrupted' ? 130 : (exitCodes.find((known) => known.code === code)?.exit ?? 1)
}

/** Details of an error. */
export interface ErrorDetails {
  /** What the user can do next: one sentence, or a command to type. */
  hint?: string
  /** The exit code, if the code has several (`interrupted`: 129, 130, 143). */
  exitCode?: number
  /** The HTTP status, if the API answered. */
  status?: number | undefined
  /** The customers that it is about. */
  ids?: readonly string[] | undefined
  cause?: unknown
}

/** An error to show to the user: what went wrong, with which value, and what to do next. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly exitCode: number | undefined
  readonly status: number | undefined
  readonly ids: readonly string[] | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = details.hint
    this.exitCode = details.exitCode
    this.status = details.status
    this.ids = details.ids
  }
}

/**
 * The reader of stdout has closed the pipe (`… | head -1`). A reading command exits quietly with 0; a changing one
 * completes its work (docs/contract.md#whole-output).
 */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe'

  constructor() {
    super('the reader closed the pipe')
  }
}
