import { type DeleteReport, type Doomed, deleteCustomers, type Ended } from '../bulk/delete.ts'
import type { Preview } from '../bulk/preview.ts'
import type { Throttle } from '../bulk/throttle.ts'
import { verdictOf } from '../bulk/verdict.ts'
import type { Context, RunRequest } from '../context.ts'
import { report } from '../output/result.ts'
import type { Session } from '../session.ts'
import type { Refusal } from './deletion.ts'

/** What was agreed to: the records, how each is looked at again, and how the journal calls it. */
export interface Agreed {
  readonly preview: Preview
  readonly refusal: Refusal
  readonly throttle: Throttle
  /** Fetch a single record again too: between a plan and its use there may be days. */
  readonly again?: boolean | undefined
  readonly run: RunRequest
  /** Told of every record that was tried, and awaited: how an undo tells the run that it takes back. */
  readonly onEnd?: ((id: string, ended: Ended) => Promise<void>) | undefined
}

/**
 * Deletes what was agreed to, in a run of the journal, prints what became of it, and throws the verdict. With
 * nothing to delete no run is begun.
 */
export async function carryOut(context: Context, session: Session, agreed: Agreed): Promise<void> {
  const { preview } = agreed
  const { run, outcome } = await deleteAll(context, session, agreed)
  const { stopped: _stopped, ...lists } = outcome
  await context.print(deletionReport({ run, ...lists }, lists.deleted))
  if (run !== null) await context.note(summaryOf(outcome, preview, run, session.place))
  const verdict = verdictOf(outcome)
  if (verdict !== undefined) throw verdict
}

async function deleteAll(context: Context, session: Session, agreed: Agreed) {
  const { preview, refusal, throttle, run: request } = agreed
  const notFound = [...preview.notFound]
  const untouched: DeleteReport = {
    deleted: [],
    notFound,
    failed: [],
    leftOut: [...preview.leftOut],
    stopped: undefined,
  }
  if (preview.ids.length === 0) return { run: null, outcome: untouched }
  const run = await context.openRun(session, request)
  const progress = context.progress(preview.ids.length)
  const outcome = await deleteCustomers({
    client: session.client,
    run,
    doomed: doomedOf(agreed),
    refusal,
    throttle,
    signal: context.signal,
    now: context.world.now,
    async onEnd(id, ended) {
      await agreed.onEnd?.(id, ended)
      progress.concurrency(throttle.allowed)
      progress.advance(ended.outcome === 'failed' ? 'failed' : 'done')
    },
  })
  await run.close()
  progress.end()
  outcome.notFound.unshift(...notFound)
  outcome.leftOut.unshift(...preview.leftOut)
  inOrder(outcome, preview.ids)
  return { run: run.id, outcome }
}

/** Several are deleted at once; what is told of them stands in the order that was asked for. */
function inOrder(outcome: DeleteReport, ids: readonly string[]): void {
  const places = new Map(ids.map((id, place) => [id, place]))
  const placeOf = (id: string): number => places.get(id) ?? -1
  outcome.deleted.sort((a, b) => placeOf(a) - placeOf(b))
  outcome.failed.sort((a, b) => placeOf(a.id) - placeOf(b.id))
  outcome.leftOut.sort((a, b) => placeOf(a.id) - placeOf(b.id))
}

/** A single record was fetched a moment ago; of several, each is fetched again just before its DELETE. */
function doomedOf({ preview, again }: Agreed): Doomed[] {
  const alone = preview.ids.length === 1 && !again
  return preview.ids.map((id) => ({ id, record: alone ? preview.shown[0] : undefined }))
}

/** The document of `delete --json`; in a pipe without a format the ids that went. */
export function deletionReport(document: Record<string, unknown>, ids: readonly string[]) {
  return report(
    document,
    ids.map((id) => ({ id })),
    [{ key: 'id', title: 'id' }],
    'pipe',
  )
}

function summaryOf(outcome: DeleteReport, preview: Preview, run: string, place: string): string {
  const counts = [
    `${outcome.deleted.length} deleted`,
    ...(outcome.notFound.length > 0 ? [`${outcome.notFound.length} not found`] : []),
    ...(outcome.failed.length > 0 ? [`${outcome.failed.length} failed`] : []),
    ...(outcome.leftOut.length > 0 ? [`${outcome.leftOut.length} left out`] : []),
  ]
  const tried = outcome.deleted.length + outcome.failed.length + outcome.leftOut.length
  const asked = preview.ids.length + preview.notFound.length + preview.leftOut.length
  const rest = asked - tried - outcome.notFound.length
  if (rest > 0) counts.push(`${rest} not tried`)
  return `${counts.join(', ')} (${place}). Journal: orafi runs show ${run}`
}
