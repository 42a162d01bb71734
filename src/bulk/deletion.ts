import { hash } from 'node:crypto'
import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { type Deletion, deleteOne, lookUp } from '../customers/delete.ts'
import { type Care, careOf, needsCare } from '../customers/guards.ts'
import { CliError, type ErrorCode } from '../errors.ts'
import { stringifyExact } from '../exact.ts'
import type { OpenRun } from '../journal/run.ts'
import { lookAhead, workThrough } from './pool.ts'
import type { Throttle } from './throttle.ts'

/** Why a record must stay, whatever is answered; undefined when it may go. May look things up. */
export type Stays = (customer: Customer) => string | undefined | Promise<string | undefined>

/** A record that is to be deleted, as it was when it was shown or counted. */
export interface Target {
  readonly id: string
  readonly care: Care
  /** Names and e-mail, whole, as a hash: a record that was counted but not shown is not kept. */
  readonly person: string
  /** `totalSpent` as JSON. */
  readonly spent: string
}

/** What is to become of one id that was asked for. */
export type Planned =
  | { readonly id: string; readonly fate: 'delete'; readonly target: Target }
  | { readonly id: string; readonly fate: 'notFound' }
  | { readonly id: string; readonly fate: 'leftOut'; readonly reason: string }

/**
 * A deletion before anybody is asked. It is never changed: what is shown, confirmed and executed is this one object.
 */
export interface DeletionPlan {
  /** Every id that was asked for, once, in the order given. */
  readonly asked: readonly Planned[]
  /** What is to be deleted, in the same order. */
  readonly targets: readonly Target[]
  /** Those that a person is shown: the first 20, and every one that needs care, in the same order. */
  readonly shown: readonly Customer[]
  readonly stays: Stays
}

/** How many records are shown although they need no care (docs/contract.md#deleting). */
const shownMost = 20

export interface PlanOptions {
  readonly client: Client
  readonly ids: readonly string[]
  /** Checked now, and again just before each DELETE; by default nothing stays. */
  readonly stays?: Stays | undefined
  readonly throttle: Throttle
  readonly signal: AbortSignal
  readonly onLooked?: ((count: number) => void) | undefined
}

/**
 * Fetches every record that is to be deleted. Throws what the API answers but a 404, and the reason of an
 * interruption: nothing is deleted while something could not be looked at.
 */
export async function planDeletion(options: PlanOptions): Promise<DeletionPlan> {
  const { client, ids, stays = () => undefined, throttle, signal, onLooked } = options
  const asked: Planned[] = []
  const targets: Target[] = []
  const shown: Customer[] = []
  const look = async (id: string): Promise<{ planned: Planned; record?: Customer }> => {
    const found = await lookUp(client, id)
    if (found.state === 'unknown') throw found.error
    if (found.state === 'gone') return { planned: { id, fate: 'notFound' } }
    const record = found.customer
    const reason = await stays(record)
    if (reason !== undefined) return { planned: { id, fate: 'leftOut', reason } }
    return { planned: { id, fate: 'delete', target: targetOf(record) }, record }
  }
  for await (const { planned, record } of lookAhead(new Set(ids), look, () => throttle.allowed)) {
    signal.throwIfAborted()
    asked.push(planned)
    if (planned.fate === 'delete' && record !== undefined) {
      if (targets.length < shownMost || needsCare(planned.target.care)) shown.push(record)
      targets.push(planned.target)
    }
    onLooked?.(asked.length)
  }
  return Object.freeze({
    asked: Object.freeze(asked),
    targets: Object.freeze(targets),
    shown: Object.freeze(shown),
    stays,
  })
}

function targetOf(customer: Customer): Target {
  const { id, firstname, lastname, email, totalSpent } = customer
  return {
    id,
    care: careOf(customer),
    person: hash('sha256', stringifyExact([firstname ?? null, lastname ?? null, email ?? null])),
    spent: stringifyExact(totalSpent ?? null),
  }
}

/** What has changed since the record was shown or counted, as a reason to leave it out; undefined for nothing. */
function whatChanged(customer: Customer, shown: Target): string | undefined {
  const now = targetOf(customer)
  if (now.person !== shown.person) return 'its name or e-mail has changed since it was shown'
  if (now.spent !== shown.spent) return 'its totalSpent has changed since it was shown'
  const sameMode = now.care.live === shown.care.live && sameReading(now.care, shown.care)
  return sameMode ? undefined : 'its mode has changed since it was shown'
}

function sameReading(now: Care, shown: Care): boolean {
  return now.unreadable.includes('mode') === shown.unreadable.includes('mode')
}

/** How the deletion of one of several ended; of what is not in a report's lists, nothing was tried. */
type Ended = Deletion | { readonly outcome: 'leftOut'; readonly reason: string }

export interface ExecuteOptions {
  readonly client: Client
  readonly run: OpenRun
  readonly throttle: Throttle
  /** Nothing is begun any more once this is aborted; what is under way is finished. */
  readonly signal: AbortSignal
  readonly now: () => number
  readonly onEnd: (how: 'done' | 'failed') => void
}

/** What `delete --json` prints besides the run (docs/contract.md#json-documents): each id in one list. */
export interface DeletionReport {
  readonly deleted: readonly string[]
  readonly notFound: readonly string[]
  readonly failed: readonly { readonly id: string; readonly code: ErrorCode; readonly message: string }[]
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
  readonly notSent: readonly string[]
}

/**
 * Deletes the targets of a plan, several at once: each is fetched again, compared with what was shown, journaled with
 * its whole record, deleted, and its outcome journaled. Never throws: what stops the rest (the key was refused, the
 * journal cannot be written, an interruption) stands in `stopped`, and the report says what was done before.
 */
export async function executeDeletion(
  plan: DeletionPlan,
  { client, run, throttle, signal, now, onEnd }: ExecuteOptions,
): Promise<{ report: DeletionReport; stopped: unknown }> {
  const ended = new Map<string, Ended>()

  async function deleteTarget(target: Target, stopRest: (reason: unknown) => void): Promise<Ended> {
    const { id } = target
    const found = await lookUp(client, id)
    if (found.state === 'gone') return { outcome: 'notFound' }
    if (found.state === 'unknown')
      return { outcome: 'failed', code: found.error.code, message: found.error.message }
    const reason = whatChanged(found.customer, target) ?? (await plan.stays(found.customer))
    if (reason !== undefined) return { outcome: 'leftOut', reason }
    await run.intend([{ item: id, at: now(), record: found.customer }])
    const { deletion, stop, open } = await deleteOne(client, id)
    stopRest(stop)
    // Before the journal is told: if that fails, the report still says what was done.
    ended.set(id, deletion)
    // What may still be carried out is ambiguous in the journal, so that an undo looks it up.
    await run.conclude([{ item: id, at: now(), ...deletion, ...(open ? { code: 'ambiguous' } : {}) }])
    return deletion
  }

  const stopped = await workThrough({
    items: plan.targets,
    async work(target, stopRest) {
      const end = await deleteTarget(target, stopRest)
      ended.set(target.id, end)
      onEnd(end.outcome === 'failed' ? 'failed' : 'done')
    },
    throttle,
    signal,
  })
  return { report: deletionReport(plan, ended), stopped }
}

/** Every id that was asked for, in exactly one list, in the order given. */
export function deletionReport(
  plan: DeletionPlan,
  ended: ReadonlyMap<string, Ended> = new Map(),
): DeletionReport {
  const deleted: string[] = []
  const notFound: string[] = []
  const failed: { id: string; code: ErrorCode; message: string }[] = []
  const leftOut: { id: string; reason: string }[] = []
  const notSent: string[] = []
  for (const planned of plan.asked) {
    const { id } = planned
    const end = planned.fate === 'leftOut' ? { outcome: planned.fate, reason: planned.reason } : ended.get(id)
    if (planned.fate === 'notFound' || end?.outcome === 'notFound') notFound.push(id)
    else if (end === undefined || end.outcome === 'notSent') notSent.push(id)
    else if (end.outcome === 'deleted') deleted.push(id)
    else if (end.outcome === 'leftOut') leftOut.push({ id, reason: end.reason })
    else failed.push({ id, code: end.code, message: end.message })
  }
  return { deleted, notFound, failed, leftOut, notSent }
}

/**
 * The error that a deletion ends with, or undefined when all went well (docs/contract.md#what-became-of-it): what
 * stopped the rest goes first; then some deleted and some not is `partial`; with none deleted it is `partial` if any
 * was left out, else what the failures were, else `not_found`.
 */
export function verdictOf({ deleted, notFound, failed, leftOut }: DeletionReport, stopped: unknown): unknown {
  if (stopped !== undefined) return stopped
  const undone = notFound.length + failed.length + leftOut.length
  if (undone === 0) return undefined
  const total = deleted.length + undone
  const [alone] = failed
  if (total === 1 && alone !== undefined) return failureOf(alone)
  const summary = `${undone} of ${total} customers were not deleted`
  if (deleted.length > 0 || leftOut.length > 0) return new CliError('partial', summary)
  if (failed.length > 0) return new CliError(codeOfFailures(failed), summary)
  const [missing] = notFound
  return new CliError('not_found', total === 1 ? `no customer ${missing}` : 'none of the customers exist')
}

function failureOf({ id, code, message }: DeletionReport['failed'][number]): CliError {
  const hint =
    code === 'ambiguous' ? { hint: `see whether it is still there: orafi customers get ${id}` } : {}
  return new CliError(code, message, hint)
}

/** Among several an ambiguous one makes it `partial`; failures are `unavailable` only where all of them are. */
function codeOfFailures(failed: DeletionReport['failed']): ErrorCode {
  if (failed.some(({ code }) => code === 'ambiguous')) return 'partial'
  return failed.every(({ code }) => code === 'unavailable') ? 'unavailable' : 'api_error'
}
