import { ApiError } from '../api/errors.ts'
import { CliError, type ErrorCode } from '../errors.ts'
import type { DeleteReport } from './delete.ts'

/**
 * The error that a deletion ends with, or undefined when all went well (contract, "customers"): what stopped the
 * rest goes first; then some deleted and some not is `partial`; with none deleted it is `partial` if any was left
 * out, else what the failures were, else `not_found`.
 */
export function verdictOf(report: DeleteReport): CliError | ApiError | undefined {
  if (report.stopped !== undefined) return stopped(report.stopped)
  const { deleted, notFound, failed, leftOut } = report
  const undone = notFound.length + failed.length + leftOut.length
  if (undone === 0) return undefined
  const total = deleted.length + undone
  const summary = `${total - deleted.length} of ${total} customers were not deleted`
  const alone = failed[0]
  if (total === 1 && alone !== undefined)
    return new CliError(alone.code, alone.message, hintFor(alone.code, alone.id))
  if (deleted.length > 0 || leftOut.length > 0) return new CliError('partial', summary)
  if (failed.length === 0)
    return new CliError(
      'not_found',
      total === 1 ? `no customer ${notFound[0]}` : 'none of the customers exist',
    )
  return new CliError(codeOfFailures(failed), summary)
}

/** Among several an ambiguous one makes it `partial`; failures are `unavailable` only where all of them are. */
function codeOfFailures(failed: DeleteReport['failed']): ErrorCode {
  if (failed.some(({ code }) => code === 'ambiguous')) return 'partial'
  return failed.every(({ code }) => code === 'unavailable') ? 'unavailable' : 'api_error'
}

function hintFor(code: ErrorCode, id: string): { hint?: string } {
  return code === 'ambiguous' ? { hint: `see whether it is still there: orafi customers get ${id}` } : {}
}

function stopped(error: unknown): CliError | ApiError {
  if (error instanceof CliError || error instanceof ApiError) return error
  throw error
}
