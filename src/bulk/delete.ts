import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { type Deletion, deleteOne, lookUp } from '../customers/delete.ts'
import type { ErrorCode } from '../errors.ts'
import type { OpenRun } from '../journal/run.ts'
import { workThrough } from './pool.ts'
import type { Throttle } from './throttle.ts'

/** Something to delete: an id, and its record where it was fetched a moment ago. */
export interface Doomed {
  readonly id: string
  /** Given for one record alone; without it the record is fetched just before its DELETE. */
  readonly record?: Customer | undefined
}

/** How the deletion of one of several ended. */
export type Ended = Deletion | { readonly outcome: 'leftOut'; readonly reason: string }

export interface DeleteOptions {
  readonly client: Client
  readonly run: OpenRun
  readonly doomed: AsyncIterable<Doomed> | Iterable<Doomed>
  /** Why a record, as it is just before its DELETE, must stay; undefined when it may go. */
  readonly refusal: (customer: Customer) => string | undefined | Promise<string | undefined>
  readonly throttle: Throttle
  /** Nothing is begun any more once this is aborted; what is under way is finished. */
  readonly signal: AbortSignal
  readonly now: () => number
  /** Awaited, so that an undo can tell the run that it takes back. */
  readonly onEnd: (id: string, ended: Ended) => Promise<void>
}

/** What `delete --json` prints besides the run (contract, "Streams, formats, exit codes"). */
export interface DeleteReport {
  readonly deleted: string[]
  readonly notFound: string[]
  readonly failed: { id: string; code: ErrorCode; message: string }[]
  readonly leftOut: { id: string; reason: string }[]
  /** Why the rest was not tried: the key was refused, the journal could not be written, an interruption. */
  stopped: unknown
}

/**
 * Deletes customers, several at once: each is fetched, journaled with its whole record, deleted, and its outcome
 * journaled. Never throws for what happens to one of them; what stops the rest stands in `stopped`, so that the
 * caller can still say what was done before.
 */
export async function deleteCustomers(options: DeleteOptions): Promise<DeleteReport> {
  const report: DeleteReport = { deleted: [], notFound: [], failed: [], leftOut: [], stopped: undefined }
  const { doomed, throttle, signal } = options
  const work = async (one: Doomed): Promise<void> => {
    const ended = await deleteNext(one, options)
    enter(report, one.id, ended)
    await options.onEnd(one.id, ended)
  }
  report.stopped = await workThrough({ items: doomed, work, throttle, signal })
  return report
}

async function deleteNext(one: Doomed, { client, run, now, refusal }: DeleteOptions): Promise<Ended> {
  const found =
    one.record === undefined
      ? await lookUp(client, one.id)
      : ({ state: 'there', customer: one.record } as const)
  if (found.state === 'unknown')
    return { outcome: 'failed', code: found.error.code, message: found.error.message }
  if (found.state === 'gone') return { outcome: 'notFound' }
  const reason = await refusal(found.customer)
  if (reason !== undefined) return { outcome: 'leftOut', reason }
  await run.intend([{ item: one.id, at: now(), record: found.customer }])
  const deletion = await deleteOne(client, one.id)
  await run.conclude([{ item: one.id, at: now(), ...deletion }])
  return deletion
}

function enter(report: DeleteReport, id: string, ended: Ended): void {
  if (ended.outcome === 'deleted') report.deleted.push(id)
  else if (ended.outcome === 'notFound') report.notFound.push(id)
  else if (ended.outcome === 'leftOut') report.leftOut.push({ id, reason: ended.reason })
  else report.failed.push({ id, code: ended.code, message: ended.message })
}
