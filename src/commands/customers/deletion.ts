import type { Customer } from '../../api/customer.ts'
import {
  type DeletionPlan,
  type DeletionReport,
  type DeletionRequest,
  deletionError,
  deletionReport,
  executeDeletion,
  planDeletion,
} from '../../bulk/deletion.ts'
import type { Throttle } from '../../bulk/pool.ts'
import type { Context, RunRequest } from '../../context.ts'
import { count, digits } from '../../count.ts'
import {
  type Care,
  careCounts,
  careOf,
  defaultMaxDelete,
  unattendedProblems,
} from '../../customers/guards.ts'
import { CliError } from '../../errors.ts'
import { notFoundHint } from '../../hints.ts'
import { spentText } from '../../output/columns.ts'
import { many, type Report, report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { visible } from '../../visible.ts'
import { checkConfirmable, confirmByTyping, type ExpectedAnswer } from '../confirm.ts'
import { beforeChange, countsOf, reasonsOf, undoLine, whereAll } from '../summary.ts'
import { planCells, planPreview } from './plan.ts'

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
export function checkDeletable(
  context: Context,
  session: Session,
  options: DeletionOptions,
  [what, more]: readonly [string, string] = ['a deletion', '; --dry-run shows what would be deleted'],
): void {
  if (options.dryRun) return
  checkConfirmable(context, options, what, more)
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
  const planned = planDeletion({
    client,
    requests,
    throttle,
    signal,
    onLookedUp: context.progress('looking up customers', requests.length, throttle),
  })
  const plan = await beforeChange(context, 'deleted', planned)
  context.status(undefined)
  await showPlan(context, session, plan, options)
  if (options.dryRun) return reportDryRun(context, plan)
  if (plan.targets.length === 0) {
    const nothing = deletionReport(plan)
    await printDeletion(context, session, nothing, { ...how.run, run: undefined })
    throw deletionError(nothing, undefined)
  }

  await confirm(context, session, plan, how)

  const run = await context.openRun(session, how.run)
  const { report: done, stopped } = await executeDeletion(plan, {
    client,
    run,
    throttle,
    signal,
    now: context.world.now,
    onEnd: context.progress('deleting', plan.targets.length, throttle),
  })

  await printDeletion(context, session, done, { ...how.run, run: run.id })
  const error = deletionError(done, stopped)
  if (error !== undefined) throw error
}

/** Prints what was deleted, what was not and why, and how to undo it. */
async function printDeletion(
  context: Context,
  session: Session,
  done: DeletionReport,
  request: Omit<RunRequest, 'command'> & { readonly run: string | undefined },
): Promise<void> {
  const { deleted, notFound, failed, leftOut, notSent } = done
  const { run } = request
  const counts = {
    deleted: deleted.length,
    'not found': notFound.length,
    failed: failed.length,
    'left out': leftOut.length,
  }
  const isUnchanged = deleted.length === 0 && !failed.some(({ code }) => code === 'ambiguous')
  await context.printChange(deletionResult(run ?? null, done), {
    run,
    ids: idsOf(done),
    summary: [
      `${countsOf(counts, notSent.length)} (${await session.named()})`,
      ...reasonsOf(
        'failed',
        failed.map(({ id, message }) => ({ id, reason: message })),
        whereAll(run),
      ),
      ...reasonsOf('left out', leftOut, whereAll(run)),
      undoLine(context, session, { ...request, nothing: isUnchanged ? 'nothing was deleted' : undefined }),
    ],
  })
}

/** Shows what will be deleted: the first records, every record that needs care, and counts. */
async function showPlan(
  context: Context,
  session: Session,
  plan: DeletionPlan,
  { dryRun }: DeletionOptions,
): Promise<void> {
  const { targets, shown } = plan
  const { notFound, leftOut } = deletionReport(plan)
  if (shown.length > 0) await context.show(besideKept(plan) ?? many(shown))
  const more = targets.length - shown.length
  const { live, spent, unreadable } = careCounts(targets.map(({ care }) => care))
  const counts = countsOf({
    [`to delete${more > 0 ? ` (${digits(more)} more not shown)` : ''}`]: targets.length,
    'seen in LIVE': live,
    'with spending': spent,
    'with a mode or totalSpent that cannot be read': unreadable,
    'not found': notFound.length,
    'left out': leftOut.length,
  })
  await context.about(`${counts} (${await session.named()})`)
  // Otherwise the summary, which follows at once, has them.
  if (targets.length === 0 && !dryRun) return
  for (const line of reasonsOf('left out', leftOut, whereAll(undefined))) await context.about(line)
}

/** For a plan: what is deleted, below what is kept instead. */
function besideKept({ targets, shown }: DeletionPlan): Report | undefined {
  const kept = new Map(targets.map(({ id, instead }) => [id, instead]))
  if (targets.every(({ instead }) => instead === undefined)) return undefined
  const groups = new Map<string | undefined, Customer[]>()
  for (const record of shown) {
    const keeper = kept.get(record.id)?.id
    groups.set(keeper, [...(groups.get(keeper) ?? []), record])
  }
  const rows = [...groups.values()].flatMap((records, index) => {
    const heading = `Group ${index + 1}`
    const keeper = kept.get(records[0]?.id ?? '')
    return [
      ...(keeper === undefined ? [] : [{ heading, decision: 'keep', ...planCells(keeper) }]),
      ...records.map((record) => {
        const cells = planCells(record)
        const spent = careOf(record).spent ? spentText(cells.spent, false) : cells.spent
        return { heading, decision: 'DELETE', ...cells, spent }
      }),
    ]
  })
  return report(undefined, rows, planPreview)
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
    throw new CliError(
      'partial',
      `${digits(remaining)} of ${count(plan.requested.length, 'customer')} would not be deleted`,
    )
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
  { options, run }: { readonly options: DeletionOptions; readonly run: RunRequest },
): Promise<void> {
  const records = plan.targets.length
  const most = options.maxDelete ?? (options.yes ? defaultMaxDelete : Number.POSITIVE_INFINITY)
  if (records > most) {
    throw new CliError(
      'usage',
      `${count(records, 'customer')} would be deleted, which is more than ${digits(most)}`,
      { hint: `to delete all of them, add --max-delete ${records}` },
    )
  }
  const cares = plan.targets.map(({ care }) => care)
  if (options.yes) return checkUnattended(context, session, cares, options)
  const question = `${await session.named()} · Delete ${count(records, 'customer')}?`
  await context.about(`This cannot be reversed; ${wayBack(run, records)}.`)
  const otherwise = 'nothing was deleted'
  if (session.key.mode === 'test' && !cares.some(({ live }) => live))
    return (await context.prompts(otherwise)).confirm(question)
  const expected = answerFor(plan)
  await context.about(question)
  await confirmByTyping(context, expected, otherwise)
}

/** What remains possible after a deletion. */
function wayBack({ personal, undoes }: RunRequest, records: number): string {
  if (undoes !== undefined) return 'to have them again, import them again'
  if (!personal) return 'with --no-journal, `orafi runs undo` cannot either'
  const again = records === 1 ? 'the customer again with a new id' : 'the customers again with new ids'
  return `\`orafi runs undo\` can create ${again}`
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
