import { ApiError } from '../api/errors.ts'
import { CliError } from '../errors.ts'

/** Commands to type, as they go on a shell's line. */
export interface NextCommands {
  readonly resume: string
  readonly afresh: string
}

/** The same error, with how to go on as (the end of) its hint. Errors that are no news to a user stay as they are. */
export function resumable(error: unknown, { resume }: Pick<NextCommands, 'resume'>): unknown {
  return withHint(error, `go on with: ${resume}`)
}

/**
 * Cursors may end (docs/orafi-api.md#what-pages-leave-open), above all where the customer they stand for was deleted.
 * A page that is refused right after the resumption looks like that.
 */
export function isRefusedCursor(error: unknown): boolean {
  return error instanceof ApiError && [400, 404, 409, 410, 422].includes(error.status ?? 0)
}

export function outdated(error: unknown, { afresh }: Pick<NextCommands, 'afresh'>): unknown {
  return withHint(error, `the page it stopped at may be gone from the list; start afresh with: ${afresh}`)
}

function withHint(error: unknown, more: string): unknown {
  if (error instanceof CliError) {
    const { code, message, exitCode } = error
    const hint = joined(error.hint, more)
    return new CliError(
      code,
      message,
      exitCode === undefined ? { hint, cause: error } : { hint, exitCode, cause: error },
    )
  }
  if (error instanceof ApiError) {
    const { code, message, status, unanswered, retryAt } = error
    return new ApiError(code, message, {
      status,
      unanswered,
      retryAt,
      hint: joined(error.hint, more),
      cause: error,
    })
  }
  return error
}

function joined(hint: string | undefined, more: string): string {
  return hint === undefined ? more : `${hint}; then ${more}`
}
