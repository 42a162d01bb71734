import {
  type DeletionPlan,
  type DeletionReport,
  type DeletionRequest,
  deletionError,
  deletionReport,
  executeDeletion,
  planDeletion,
} from '../../bulk/deletion.ts'
import type { Throttle } from '../../bulk/throttle.ts'
import type { Context, RunRequest } from '../../context.ts'
import { type Care, careCounts, defaultMaxDelete, unattendedProblems } from '../../customers/guards.ts'
import { CliError } from '../../errors.ts'
import { notFoundHint } from '../../hints.ts'
import { many, type Report, report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { visible } from '../../visible.ts'
import { checkConfirmable, confirmByTyping, type ExpectedAnswer } from '../confirm.ts'

/** The flags of the commands that delete. */
export interface DeletionOptions {
  readonly yes?: true | undefined
  readonly includeSpenders?: true | undefined
  readonly maxDelete?: number | undefined
  readonly dryRun?: true | undefined
}

/**
 * Rejects, before anything is read, a deletion that could not be confirmed later: no prompt and no `--yes`, or
 * `--yes` with a live key and no `--live` (docs/contract.md#deleting-unattended). Throws `usage`.
 */
export function checkDeletable(context: Context, session: Session, options: DeletionOptions): void {
  if (options.dryRun) return
  checkConfirmable(context, options, 'a deletion', '; --dry-run shows what would be deleted')
  if (options.yes) checkUnattended(context, session, [], options)
}

/**
 * Deletes customers, for `delete`, `delete --plan` and the undo of an import: looks them up, shows them, prompts,
 * deletes exactly what was shown, and prints the outcome. If there is nothing to delete, there is no prompt and no
 * run. Throws the deletion's error (docs/contract.md#outcomes).
 */
export async function deleteCustomers(
  context: Context,
  session: Session,
  requests: readonly DeletionRequest[],
  how: { readonly options: DeletionOptions; readonly throttle: Throttle; readonly run: RunRequest },
): Promise<void> {
  const { client } = session
  const { options, throttle } = how
  const { signal } = context
  const plan = await planDeletion({
    client,
    requests,
    throttle,
    signal,
    onLookedUp: (count) => context.status(`${count} of ${requests.length} looked up`),
  })
  context.status(undefined)
  await showPlan(context, session, plan)
  if (options.dryRun) return reportDryRun(context, plan)
  if (plan.targets.length === 0) {
    const nothing = deletionReport(plan)
    await context.printChange(deletionResult(null, nothing), { summary: [], ids: idsOf(nothing) })
    throw deletionError(nothing, undefined)
  }

  await confirm(context, session, plan, options)

  const run = await context.openRun(session, how.run)
  const progress = context.progress(plan.targets.length)
  const { report: done, stopped } = await executeDeletion(plan, {
    client,
    run,
    throttle,
    signal,
    now: context.world.now,
    onEnd(end) {
      progress.concurrency(throttle.allowed)
      progress.advance(end)
    },
  })
  progress.end()

  await context.printChange(deletionResult(run.id, done), {
    run: run.id,
    ids: idsOf(done),
    summary: [`${countsOf(done)} (${await session.named()}). Journal: orafi runs show ${run.id}`],
  })
  const error = deletionError(done, stopped)
  if (error !== undefined) throw error
}

/** Shows what will be deleted: the first records, every record that needs care, and counts. */
async function showPlan(context: Context, session: Session, plan: DeletionPlan): Promise<void> {
  const { targets, shown } = plan
  const { notFound, leftOut } = deletionReport(plan)
  if (shown.length > 0) await context.show(many(shown))
  const more = targets.length - shown.length
  const { live, spent, unreadable } = careCounts(targets.map(({ care }) => care))
  const counts = [
    `${targets.length} to delete${more > 0 ? ` (${more} more not shown)` : ''}`,
    ...(live > 0 ? [`${live} seen in LIVE`] : []),
    ...(spent > 0 ? [`${spent} with spending`] : []),
    ...(unreadable > 0 ? [`${unreadable} with a mode or totalSpent that cannot be read`] : []),
    ...(notFound.length > 0 ? [`${notFound.length} not found`] : []),
    ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
  ]
  await context.note(`${counts.join(', ')} (${await session.named()})`)
}

/** Prints what would be deleted. Throws `not_found` or `partial` like the deletion would. */
async function reportDryRun(context: Context, plan: DeletionPlan): Promise<void> {
  const wouldDelete = plan.targets.map(({ id }) => id)
  const { notFound, leftOut } = deletionReport(plan)
  await context.printChange(withIds({ run: null, wouldDelete, notFound, leftOut }, wouldDelete), {
    summary: ['Dry run: nothing was deleted.'],
  })
  if (notFound.length === plan.requested.length)
    throw new CliError('not_found', 'none of the customers exist', { hint: notFoundHint })
  const remaining = notFound.length + leftOut.length
  if (remaining > 0) {
    throw new CliError('partial', `${remaining} of ${plan.requested.length} would not be deleted`)
  }
}

/**
 * Prompts for a deletion that was shown, or checks that `--yes` is enough. Throws `usage` if it is not, and `declined`
 * for a wrong answer.
 */
async function confirm(
  context: Context,
  session: Session,
  plan: DeletionPlan,
  options: DeletionOptions,
): Promise<void> {
  const records = plan.targets.length
  const most = options.maxDelete ?? (options.yes ? defaultMaxDelete : Number.POSITIVE_INFINITY)
  if (records > most) {
    throw new CliError('usage', `${records} records would be deleted, which is more than ${most}`, {
      hint: `to delete all of them, add --max-delete ${records}`,
    })
  }
  const cares = plan.targets.map(({ care }) => care)
  if (options.yes) return checkUnattended(context, session, cares, options)
  const question = `${await session.named()} · Delete ${records === 1 ? '1 customer' : `${records} customers`}?`
  if (session.key.mode === 'test' && !cares.some(({ live }) => live)) {
    const prompts = await context.prompts()
    if (await prompts.confirm(question)) return
    throw new CliError('declined', 'nothing was deleted')
  }
  const expected = answerFor(plan)
  await context.warn(`${question} This cannot be undone.`)
  await confirmByTyping(context, expected, 'nothing was deleted')
}

/** The longest e-mail that has to be typed; for a longer one the id is used. */
const maxTypedLength = 254

/**
 * The text to type: the e-mail of a single record, or its id if the e-mail is empty or cannot be typed; for several
 * records, how many. Throws `usage` if the id cannot be typed either.
 */
function answerFor({ targets, shown }: DeletionPlan): ExpectedAnswer {
  if (targets.length > 1) return { text: String(targets.length), name: 'the number of records' }
  const [record] = shown
  if (record === undefined || record.id !== targets[0]?.id) throw new Error('a single record is always shown')
  const { id, email } = record
  if (typeof email === 'string' && email.length <= maxTypedLength && /^[\x21-\x7e]+$/.test(email))
    return { text: email, name: 'the e-mail' }
  if (/^\S+$/.test(id) && visible(id) === id) return { text: id, name: 'the id' }
  throw new CliError('usage', `nothing was deleted: the id '${visible(id)}' cannot be typed to confirm it`)
}

/** Throws `usage` if any of the records may not be deleted with `--yes`. */
function checkUnattended(
  context: Context,
  session: Session,
  cares: readonly Care[],
  options: DeletionOptions,
): void {
  const found = unattendedProblems(cares, {
    keyMode: session.key.mode,
    liveFlag: context.mode === 'live',
    includeSpenders: options.includeSpenders === true,
  })
  if (found.length === 0) return
  const problems = found.map(({ problem }) => problem).join('; ')
  const hints = [...new Set(found.map(({ hint }) => hint))]
  throw new CliError('usage', `nothing was deleted: --yes is not enough, because ${problems}`, {
    hint: hints.join('; '),
  })
}

/** The document of `delete --json`; in a pipe without a format, the deleted ids. */
export function deletionResult(run: string | null, done: DeletionReport): Report {
  return withIds({ run, ...done }, done.deleted)
}

function withIds(document: object, ids: readonly string[]): Report {
  return report(
    document,
    ids.map((id) => ({ id })),
    [{ key: 'id', title: 'id' }],
    'pipe',
  )
}

/** The ids by outcome. */
function idsOf({ deleted, notFound, failed, leftOut, notSent }: DeletionReport): Record<string, string[]> {
  const all = (ids: readonly string[]): string[] => ids.map((id) => visible(id))
  return {
    Deleted: all(deleted),
    'Not found': all(notFound),
    Failed: failed.map(({ id, code }) => `${visible(id)} (${code})`),
    'Left out': all(leftOut.map(({ id }) => id)),
    'Not sent': all(notSent),
  }
}

/** Counts by outcome, as text; together they cover all requested ids. */
function countsOf({ deleted, notFound, failed, leftOut, notSent }: DeletionReport): string {
  const asked = deleted.length + notFound.length + failed.length + leftOut.length + notSent.length
  return [
    `${deleted.length} deleted`,
    ...(notFound.length > 0 ? [`${notFound.length} not found`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
    ...(notSent.length > 0 ? [`${notSent.length} not sent of ${asked}`] : []),
  ].join(', ')
}
