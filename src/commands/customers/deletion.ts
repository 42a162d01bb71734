import {
  type DeletionPlan,
  type DeletionReport,
  deletionReport,
  executeDeletion,
  verdictOf,
} from '../../bulk/deletion.ts'
import type { Throttle } from '../../bulk/throttle.ts'
import type { Context, RunRequest } from '../../context.ts'
import { unattendedMost, unattendedRefusals } from '../../customers/guards.ts'
import { checkAskable, confirmByTyping, ExpectedAnswer } from '../../dialogue/asking.ts'
import { CliError } from '../../errors.ts'
import { report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { visible } from '../../visible.ts'

/** The flags that every command has which deletes. */
export interface DeletionOptions {
  readonly yes?: true | undefined
  readonly includeSpenders?: true | undefined
  readonly maxDelete?: number | undefined
}

/**
 * Refuses at once, before anything is read, what can never be agreed to: nobody to ask and no `--yes`, or a live key
 * without `--live` (docs/contract.md#deleting-unattended). Throws `usage`.
 */
export function checkAttendance(context: Context, session: Session, options: DeletionOptions): void {
  checkAskable(context, options, 'a deletion', '; --dry-run shows what would go')
  if (options.yes) refuse(unattendedRefusals([], rulesOf(context, session, options)))
}

/**
 * The one way in which customers are deleted: shows the plan, asks, deletes exactly what was shown, prints what became
 * of it, and throws the verdict. With nothing to delete nobody is asked, and no run is begun.
 */
export async function deletePlanned(
  context: Context,
  session: Session,
  plan: DeletionPlan,
  options: DeletionOptions,
  how: { readonly throttle: Throttle; readonly run: RunRequest },
): Promise<void> {
  await showPlan(context, session, plan)
  if (plan.targets.length === 0) {
    const nothing = deletionReport(plan)
    await context.printChange(deletionResult({ run: null, ...nothing }, []), { summary: [] })
    throw verdictOf(nothing, undefined)
  }
  await confirm(context, session, plan, options)

  const run = await context.openRun(session, how.run)
  const progress = context.progress(plan.targets.length)
  const { report, stopped } = await executeDeletion(plan, {
    client: session.client,
    run,
    throttle: how.throttle,
    signal: context.signal,
    now: context.world.now,
    onEnd(end) {
      progress.concurrency(how.throttle.allowed)
      progress.advance(end)
    },
  })
  progress.end()

  await context.printChange(deletionResult({ run: run.id, ...report }, report.deleted), {
    run: run.id,
    summary: [`${countsOf(report)} (${await session.named()}). Journal: orafi runs show ${run.id}`],
  })
  const verdict = verdictOf(report, stopped)
  if (verdict !== undefined) throw verdict
}

/** The document of `delete --json`; in a pipe without a format the ids that went. */
export function deletionResult(document: Record<string, unknown>, ids: readonly string[]) {
  return report(
    document,
    ids.map((id) => ({ id })),
    [{ key: 'id', title: 'id' }],
    'pipe',
  )
}

/** Shows what is about to be deleted: the first records, every one that needs care, and counts. */
export async function showPlan(context: Context, session: Session, plan: DeletionPlan): Promise<void> {
  const { targets, shown } = plan
  const { notFound, leftOut } = deletionReport(plan)
  if (shown.length > 0) await context.show(shown)
  const more = targets.length - shown.length
  const odd = targets.filter(({ care }) => care.unreadable.length > 0).length
  const live = targets.filter(({ care }) => care.live && !care.unreadable.includes('mode')).length
  const spenders = targets.filter(({ care }) => care.spent && !care.unreadable.includes('totalSpent')).length
  const counts = [
    `${targets.length} to delete${more > 0 ? ` (${more} more not shown)` : ''}`,
    ...(live > 0 ? [`${live} seen in LIVE`] : []),
    ...(spenders > 0 ? [`${spenders} with spending`] : []),
    ...(odd > 0 ? [`${odd} with a mode or totalSpent that cannot be read`] : []),
    ...(notFound.length > 0 ? [`${notFound.length} not found`] : []),
    ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
  ]
  await context.note(`${counts.join(', ')} (${await session.named()})`)
}

/**
 * Asks for a deletion that was shown, or checks that it may go on unasked. Throws `usage` for what nobody was there to
 * agree to, `declined` for a wrong answer.
 */
async function confirm(
  context: Context,
  session: Session,
  plan: DeletionPlan,
  options: DeletionOptions,
): Promise<void> {
  const records = plan.targets.length
  const most = options.maxDelete ?? (options.yes ? unattendedMost : Number.POSITIVE_INFINITY)
  if (records > most) {
    throw new CliError('usage', `${records} records would be deleted, which is more than ${most}`, {
      hint: `if all of them are to go, say --max-delete ${records}`,
    })
  }
  if (options.yes) {
    const cares = plan.targets.map(({ care }) => care)
    return refuse(unattendedRefusals(cares, rulesOf(context, session, options)))
  }
  const what = records === 1 ? '1 customer' : `${records} customers`
  if (session.key.mode === 'test' && !plan.targets.some(({ care }) => care.live)) {
    const prompts = await context.prompts()
    if (await prompts.confirm(`${await session.named()} · Delete ${what}?`)) return
    throw new CliError('declined', 'nothing was deleted')
  }
  const expected = answerFor(plan)
  await context.warn(`${await session.named()} · Delete ${what}? This cannot be undone.`)
  await confirmByTyping(context, expected, 'nothing was deleted')
}

/** The longest e-mail that somebody is asked to type; above it the id is shorter. */
const longestTyped = 254

/**
 * What a person types, made of the very record that was shown: of one record its e-mail, or its id where that is
 * empty or cannot be typed; of several their number. Throws `usage` where a record has neither.
 */
function answerFor({ targets, shown }: DeletionPlan): ExpectedAnswer {
  if (targets.length > 1) return new ExpectedAnswer(String(targets.length), 'the number of records')
  const [record] = shown
  if (record === undefined || record.id !== targets[0]?.id) throw new Error('a single record is always shown')
  const { id, email } = record
  if (typeof email === 'string' && email.length <= longestTyped && /^[\x21-\x7e]+$/.test(email))
    return new ExpectedAnswer(email, 'the e-mail')
  if (/^\S+$/.test(id) && visible(id) === id) return new ExpectedAnswer(id, 'the id')
  throw new CliError('usage', `nothing was deleted: the id '${visible(id)}' cannot be typed to confirm it`)
}

function rulesOf(context: Context, session: Session, options: DeletionOptions) {
  return {
    keyMode: session.key.mode,
    saysLive: context.mode === 'live',
    includeSpenders: options.includeSpenders === true,
  }
}

function refuse(refusals: readonly { problem: string; hint: string }[]): void {
  if (refusals.length === 0) return
  const problems = refusals.map(({ problem }) => problem).join('; ')
  const hints = [...new Set(refusals.map(({ hint }) => hint))]
  throw new CliError('usage', `nothing was deleted: nobody is asked, and ${problems}`, {
    hint: hints.join('; '),
  })
}

/** How many ended in which way; together all that was asked for. */
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
