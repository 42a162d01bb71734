import { hash } from 'node:crypto'
import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { deleteCustomer, getCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { type Care, careOf, needsCare } from '../customers/guards.ts'
import { CliError, type ErrorCode } from '../errors.ts'
import { stringifyExact } from '../exact.ts'
import type { OpenRun } from '../journal/run.ts'
import { lookAhead, workThrough } from './pool.ts'
import type { Throttle } from './throttle.ts'

/** A customer that is to be deleted, unless its record says otherwise. */
export interface DeletionRequest {
  readonly id: string
  /** Why the record has to stay, undefined when it may go; asked for the plan, and again just before the DELETE. */
  readonly reasonToStay?: (now: Customer) => string | undefined | Promise<string | undefined>
}

/** A record that is to be deleted, as it was when it was shown or counted. */
interface Target extends DeletionRequest {
  readonly care: Care
  /** Names and e-mail, whole, as a hash: a record that was counted but not shown is not kept. */
  readonly person: string
  /** `totalSpent` as JSON. */
  readonly spent: string
}

/** What is to become of one id that was asked for. */
type Planned =
  | { readonly id: string; readonly outcome: 'delete'; readonly target: Target }
  | { readonly id: string; readonly outcome: 'notFound' }
  | { readonly id: string; readonly outcome: 'leftOut'; readonly reason: string }

/** A deletion before anybody is asked. Frozen: what is shown, confirmed and executed is this one object. */
export interface DeletionPlan {
  /** Every id that was asked for, once, in the order given. */
  readonly asked: readonly Planned[]
  /** What is to be deleted, in the same order. */
  readonly targets: readonly Target[]
  /** Those that a person is shown: the first 20, and every one that needs care, in the same order. */
  readonly shown: readonly Customer[]
}

/** How many records are shown although they need no care (docs/contract.md#deleting). */
const shownMost = 20

/**
 * Fetches every record that is to be deleted. Throws what the API answers but a 404, and the reason of an
 * interruption: nothing is deleted while a record could not be looked up.
 */
export async function planDeletion(options: {
  readonly client: Client
  readonly requests: readonly DeletionRequest[]
  readonly throttle: Throttle
  readonly signal: AbortSignal
  readonly onLookedUp?: ((count: number) => void) | undefined
}): Promise<DeletionPlan> {
  const { client, requests, throttle, signal, onLookedUp } = options
  const asked: Planned[] = []
  const targets: Target[] = []
  const shown: Customer[] = []
  const look = async (request: DeletionRequest): Promise<{ planned: Planned; record?: Customer }> => {
    const { id } = request
    const found = await lookUp(client, id)
    if (found.state === 'unknown') throw found.error
    if (found.state === 'gone') return { planned: { id, outcome: 'notFound' } }
    const record = found.customer
    const reason = await request.reasonToStay?.(record)
    if (reason !== undefined) return { planned: { id, outcome: 'leftOut', reason } }
    return { planned: { id, outcome: 'delete', target: { ...request, ...seenIn(record) } }, record }
  }
  const once = new Map(requests.map((request) => [request.id, request])).values()
  for await (const { planned, record } of lookAhead(once, look, () => throttle.allowed)) {
    signal.throwIfAborted()
    asked.push(planned)
    if (planned.outcome === 'delete' && record !== undefined) {
      if (targets.length < shownMost || needsCare(planned.target.care)) shown.push(record)
      targets.push(planned.target)
    }
    onLookedUp?.(asked.length)
  }
  return Object.freeze({
    asked: Object.freeze(asked),
    targets: Object.freeze(targets),
    shown: Object.freeze(shown),
  })
}

/** What a deletion remembers of a record. */
function seenIn(customer: Customer): Pick<Target, 'care' | 'person' | 'spent'> {
  const { firstname, lastname, email, totalSpent } = customer
  return {
    care: careOf(customer),
    person: hash('sha256', stringifyExact([firstname ?? null, lastname ?? null, email ?? null])),
    spent: stringifyExact(totalSpent ?? null),
  }
}

/** What has changed since the record was shown or counted, as a reason to leave it out; undefined for nothing. */
function whatChanged(customer: Customer, shown: Target): string | undefined {
  const now = seenIn(customer)
  if (now.person !== shown.person) return 'its name or e-mail has changed since it was shown'
  if (now.spent !== shown.spent) return 'its totalSpent has changed since it was shown'
  const isReadable = ({ care }: Pick<Target, 'care'>): boolean => !care.unreadable.includes('mode')
  const sameMode = now.care.live === shown.care.live && isReadable(now) === isReadable(shown)
  return sameMode ? undefined : 'its mode has changed since it was shown'
}

/** What a plan is executed with. */
export interface ExecuteOptions {
  readonly client: Client
  readonly run: OpenRun
  readonly throttle: Throttle
  /** Nothing is begun any more once this is aborted; what is under way is finished. */
  readonly signal: AbortSignal
  readonly now: () => number
  readonly onEnd: (how: 'done' | 'failed') => void
}

/** How the deletion of one target ended; a target without an end was not tried. */
type Ended =
  | { readonly outcome: 'deleted' }
  | { readonly outcome: 'notFound' }
  /** The request did not leave. */
  | { readonly outcome: 'notSent' }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly outcome: 'leftOut'; readonly reason: string }

/**
 * Deletes the targets of a plan, several at once: each is fetched again, compared with what was shown, journaled with
 * its whole record, deleted, and its outcome journaled. Never throws: what stops the rest (the key was refused, the
 * journal cannot be written, an interruption) is in `stopped`, and the report says what was done before.
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
    if (found.state === 'unknown') return failed(found.error)
    const reason = whatChanged(found.customer, target) ?? (await target.reasonToStay?.(found.customer))
    if (reason !== undefined) return { outcome: 'leftOut', reason }
    await run.intend([{ item: id, at: now(), record: found.customer }])
    const { end, stop, mayArrive } = await sendDelete(client, id)
    stopRest(stop)
    // Before the journal: if that fails, the report still says what was done.
    ended.set(id, end)
    // What may still arrive is ambiguous in the journal, so that an undo looks it up.
    await run.conclude([{ item: id, at: now(), ...end, ...(mayArrive ? { code: 'ambiguous' } : {}) }])
    return end
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

/**
 * Deletes one customer and says how it ended; never throws. A 404 after an attempt that got no answer counts as
 * deleted; where an answer was lost a GET settles it, and where that fails too the outcome is `ambiguous`
 * (docs/contract.md#what-became-of-it).
 *
 * @returns `stop` is set where the next deletion would fail likewise: the key was refused, or an interruption;
 * `mayArrive` where a request without an answer may still be carried out, although the record is there
 */
async function sendDelete(
  client: Client,
  id: string,
): Promise<{ end: Exclude<Ended, { outcome: 'leftOut' }>; stop?: unknown; mayArrive?: boolean }> {
  try {
    await deleteCustomer(client, id)
    return { end: { outcome: 'deleted' } }
  } catch (error) {
    // Not an answer but an interruption: the client finishes what has left, so this had not.
    if (!(error instanceof ApiError)) return { end: { outcome: 'notSent' }, stop: error }
    const stop = error.code === 'auth' ? error : undefined
    if (error.code === 'not_found') return { end: { outcome: error.unanswered ? 'deleted' : 'notFound' } }
    if (!error.unanswered) return { end: failed(error), stop }
    const found = await lookUp(client, id).catch(() => undefined)
    if (found?.state === 'gone') return { end: { outcome: 'deleted' }, stop }
    if (found?.state === 'there') return { end: failed(error), stop, mayArrive: true }
    const message = `${error.message}; whether it was deleted is unknown`
    return { end: { outcome: 'failed', code: 'ambiguous', message }, stop, mayArrive: true }
  }
}

function failed({ code, message }: ApiError): Extract<Ended, { outcome: 'failed' }> {
  return { outcome: 'failed', code, message }
}

/** A customer as it is now: there, gone, or not to be found out. */
export type LookUp =
  | { readonly state: 'there'; readonly customer: Customer }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly error: ApiError }

/** Fetches a customer, with a 404 and a failure as values. Throws `auth` and the reason of an interruption. */
export async function lookUp(client: Client, id: string): Promise<LookUp> {
  try {
    return { state: 'there', customer: await getCustomer(client, id) }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'auth') throw error
    return error.code === 'not_found' ? { state: 'gone' } : { state: 'unknown', error }
  }
}

/** What `delete --json` prints besides the run (docs/contract.md#json-documents): each id in one list. */
export interface DeletionReport {
  readonly deleted: readonly string[]
  readonly notFound: readonly string[]
  readonly failed: readonly { readonly id: string; readonly code: ErrorCode; readonly message: string }[]
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
  readonly notSent: readonly string[]
}

/** Every id that was asked for, in exactly one list, in the order given. */
export function deletionReport(
  plan: DeletionPlan,
  ended: ReadonlyMap<string, Ended> = new Map(),
): DeletionReport {
  const ends = endsOf(plan.asked, ended)
  return {
    deleted: idsOf(ends, 'deleted'),
    notFound: idsOf(ends, 'notFound'),
    failed: ends.flatMap((end) =>
      end.outcome === 'failed' ? [{ id: end.id, code: end.code, message: end.message }] : [],
    ),
    leftOut: ends.flatMap((end) => (end.outcome === 'leftOut' ? [{ id: end.id, reason: end.reason }] : [])),
    notSent: idsOf(ends, 'delete', 'notSent'),
  }
}

/** How each item of a plan ended, in the order of the plan; what was not tried has the outcome that was planned. */
export function endsOf<Planned extends { readonly id: string }, Ended>(
  asked: readonly Planned[],
  ended: ReadonlyMap<string, Ended>,
): readonly ((Planned | Ended) & { readonly id: string })[] {
  return asked.map((planned) => ({ ...(ended.get(planned.id) ?? planned), id: planned.id }))
}

/** The ids of what ended in one of these ways. */
export function idsOf(
  ends: readonly { readonly id: string; readonly outcome: string }[],
  ...outcomes: readonly string[]
): string[] {
  return ends.filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id)
}

/**
 * The error that a deletion ends with, or undefined when all went well (docs/contract.md#what-became-of-it): what
 * stopped the rest goes first; then some deleted and some not is `partial`; with none deleted it is `partial` if any
 * was left out, else what the failures were, else `not_found`.
 */
export function deletionError(report: DeletionReport, stopped: unknown): unknown {
  const { deleted, notFound, failed, leftOut } = report
  if (stopped !== undefined) return stopped
  const remaining = notFound.length + failed.length + leftOut.length
  if (remaining === 0) return undefined
  const total = deleted.length + remaining
  const [only] = failed
  if (total === 1 && only !== undefined) {
    const hint = `see whether it is still there: orafi customers get ${only.id}`
    return new CliError(only.code, only.message, only.code === 'ambiguous' ? { hint } : {})
  }
  const summary = `${remaining} of ${total} customers were not deleted`
  if (deleted.length > 0 || leftOut.length > 0) return new CliError('partial', summary)
  if (failed.length > 0) return new CliError(codeOfFailures(failed), summary)
  const [missing] = notFound
  return new CliError('not_found', total === 1 ? `no customer ${missing}` : 'none of the customers exist')
}

/** Among several an ambiguous one makes it `partial`; failures are `unavailable` only where all of them are. */
function codeOfFailures(failed: DeletionReport['failed']): ErrorCode {
  if (failed.some(({ code }) => code === 'ambiguous')) return 'partial'
  return failed.every(({ code }) => code === 'unavailable') ? 'unavailable' : 'api_error'
}
