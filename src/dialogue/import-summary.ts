import { ApiError } from '../api/errors.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { report } from '../output/result.ts'
import { visible } from '../visible.ts'
import type { Imported, Importing } from './import-run.ts'

/** The file that the rejected rows are in, if there are any, or why they could not be kept. */
export interface KeptRejects {
  readonly file?: string | undefined
  readonly failure?: unknown
}

/**
 * Prints what became of an import, and throws its verdict (docs/contract.md#import): what stopped it, else why the
 * rejected rows could not be kept, else `partial` where rows were rejected or stayed undecided.
 */
export async function tellImport(
  importing: Importing,
  imported: Imported,
  { file, failure }: KeptRejects,
): Promise<void> {
  const { context, session } = importing
  const { run, rows, created, skipped, rejected, undecided, notSent, stopped, rehearsed } = imported
  const seconds = Math.round(imported.seconds * 1000) / 1000
  const { profile, key } = session
  const outcome = { run, created, skipped, rejected, undecided, notSent, seconds }
  const document = { ...outcome, profile, mode: key.mode, key: key.masked }
  const counts = [
    `${created} ${rehearsed ? 'would be created' : 'created'}`,
    `${skipped} skipped`,
    `${rejected} rejected`,
    `${undecided} undecided`,
    ...(notSent > 0 ? [`${notSent} not sent of ${rows}`] : []),
  ]
  await context.printChange(report(document, [], [], 'nowhere'), {
    run: run ?? undefined,
    summary: [
      `${counts.join(', ')} in ${seconds} s (${await session.named()})`,
      ...(file === undefined ? [] : [`Rows that were not imported: ${visible(file)}`]),
      ...(run === null ? [] : [`Journal: orafi runs show ${run}`]),
      ...(rehearsed ? ['Dry run: nothing was sent.'] : []),
    ],
  })
  if (stopped !== undefined) throw await verdict(context, stopped)
  if (failure !== undefined) throw failure
  if (!rehearsed && rejected + undecided > 0) throw new CliError('partial', partOf(rejected, undecided))
}

/** What stopped it, with how to go on. */
async function verdict(context: Context, stopped: unknown): Promise<unknown> {
  if (context.signal.aborted)
    await context.warn('To go on, run the same command again: it sends what is missing.')
  if (stopped instanceof ApiError && stopped.code === 'auth') {
    return new CliError('auth', `${stopped.message}; the import stopped`, {
      hint: 'nothing is lost: sign in (orafi login), then run the same command again',
      cause: stopped,
    })
  }
  return stopped
}

function partOf(rejected: number, undecided: number): string {
  const parts = [
    ...(rejected > 0 ? [`${rejected} rows were rejected`] : []),
    ...(undecided > 0
      ? [`of ${undecided} rows it is not known whether they were created, and they were not sent again`]
      : []),
  ]
  return parts.join('; ')
}
