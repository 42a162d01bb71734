import { hash } from 'node:crypto'
import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { deleteCustomer, getCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { count, digits } from '../count.ts'
import { type Care, careOf, needsCare } from '../customers/guards.ts'
import { CliError, type ErrorCode } from '../errors.ts'
import { stringifyExact } from '../exact.ts'
import { notFoundHint } from '../hints.ts'
import type { OpenRun } from '../journal/run.ts'
import { createOutage, mapInOrder, type Outage, runUntilStopped, type Throttle } from './pool.ts'

/** A customer to delete. */
export interface DeletionRequest {
  /** Of the customer; the e-mail that was requested if the outcome is known without a look-up. */
  readonly id: string
  /** Throws if the record with this id, undefined if there is none, is not the one that is meant: nothing is deleted. */
  readonly check?: (found: Customer | undefined) => void
  /** The outcome of a request that needs no look-up. */
  readonly known?:
    | { readonly outcome: 'notFound' }
    | { readonly outcome: 'leftOut'; readonly reason: string }
    | undefined
  /** The customer that is kept instead, as it was when a plan was made. */
  readonly instead?: Customer | undefined
  /** Why the record must be kept, or undefined. Called for the plan, and again just before the DELETE. */
  readonly reasonToKeep?: (now: Customer) => string | undefined | Promise<string | undefined>
}

/** A record to delete, as it was when it was shown or counted. */
interface Target extends DeletionRequest {
  readonly care: Care
  /** Hash of names and e-mail, since records that are not shown are not kept in memory. */
  readonly person: string
  /** `totalSpent` as JSON. */
  readonly spent: string
}

/** What is planned for one requested id. */
type Planned =
  | { readonly id: string; readonly outcome: 'delete'; readonly target: Target }
  | { readonly id: string; readonly outcome: 'notFound' }
  | { readonly id: string; readonly outcome: 'leftOut'; readonly reason: string }

/** A deletion before confirmation. Frozen, since exactly what was shown and confirmed is executed. */
export interface DeletionPlan {
  /** Every requested id, once, in the order given. */
  readonly requested: readonly Planned[]
  /** The records to delete, in the same order. */
  readonly targets: readonly Target[]
  /** The records to show: the first 20 and every one that needs care, in the same order. */
  readonly shown: readonly Customer[]
}

/** How many records are shown even if they need no care (docs/contract.md#deleting). */
const maxShown = 20

/**
 * Fetches every record to delete. Throws API errors other than 404, and the signal's reason: nothing is deleted if a
 * record could not be looked up.
 */
export async function planDeletion(options: {
  readonly client: Client
  readonly requests: readonly DeletionRequest[]
  readonly throttle: Throttle
  readonly signal: AbortSignal
  readonly onLookedUp?: ((how: 'done') => void) | undefined
}): Promise<DeletionPlan> {
  const { client, requests, throttle, signal, onLookedUp } = options
  const requested: Planned[] = []
  const targets: Target[] = []
  const shown: Customer[] = []
  const planOne = async (request: DeletionRequest): Promise<{ planned: Planned; record?: Customer }> => {
    const { id, known } = request
    if (known !== undefined) return { planned: { id, ...known } }
    const found = await lookUp(client, id)
    if (found.state === 'unknown') throw found.error
    request.check?.(found.state === 'gone' ? undefined : found.customer)
    if (found.state === 'gone') return { planned: { id, outcome: 'notFound' } }
    const record = found.customer
    const reason = await request.reasonToKeep?.(record)
    if (reason !== undefined) return { planned: { id, outcome: 'leftOut', reason } }
    return { planned: { id, outcome: 'delete', target: { ...request, ...snapshotOf(record) } }, record }
  }
  const unique = new Map(requests.map((request) => [request.id, request])).values()
  for await (const { planned, record } of mapInOrder(unique, planOne, () => throttle.allowed)) {
    signal.throwIfAborted()
    requested.push(planned)
    if (planned.outcome === 'delete' && record !== undefined) {
      if (targets.length < maxShown || needsCare(planned.target.care)) shown.push(record)
      targets.push(planned.target)
    }
    onLookedUp?.('done')
  }
  return Object.freeze({
    requested: Object.freeze(requested),
    targets: Object.freeze(targets),
    shown: Object.freeze(shown),
  })
}

/** What is kept of a record, to detect changes before the DELETE. */
function snapshotOf(customer: Customer): Pick<Target, 'care' | 'person' | 'spent'> {
  const { firstname, lastname, email, totalSpent } = customer
  return {
    care: careOf(customer),
    person: hash('sha256', stringifyExact([firstname ?? null, lastname ?? null, email ?? null])),
    spent: stringifyExact(totalSpent ?? null),
  }
}

/** What has changed since the record was shown or counted, as a reason to leave it out; undefined if nothing has. */
function changeSince(customer: Customer, shown: Target): string | undefined {
  const now = snapshotOf(customer)
  if (now.person !== shown.person) return 'its name or e-mail has changed since it was shown'
  if (now.spent !== shown.spent) return 'its totalSpent has changed since it was shown'
  const isReadable = ({ care }: Pick<Target, 'care'>): boolean => !care.unreadable.includes('mode')
  const sameMode = now.care.live === shown.care.live && isReadable(now) === isReadable(shown)
  return sameMode ? undefined : 'its mode has changed since it was shown'
}

export interface ExecuteOptions {
  readonly client: Client
  readonly run: OpenRun
  readonly throttle: Throttle
  /** Once aborted, no new item is started; running items are finished. */
  readonly signal: AbortSignal
  readonly now: () => number
  /** Called after each item. */
  readonly onEnd: (how: 'done' | 'failed') => void
}

/** The outcome of deleting one target; a target without one was not tried. */
type Outcome =
  | { readonly outcome: 'deleted' }
  | { readonly outcome: 'notFound' }
  /** The request was not sent. */
  | { readonly outcome: 'notSent' }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly outcome: 'leftOut'; readonly reason: string }

/**
 * Deletes the targets of a plan, several at once: each is fetched again, compared with what was shown, journaled with
 * its whole record, deleted, and its outcome journaled. Never throws: an error that stops the rest (a rejected key, a
 * journal that cannot be written, an interruption) is in `stopped`, and the report says what was done before.
 */
export async function executeDeletion(
  plan: DeletionPlan,
  { client, run, throttle, signal, now, onEnd }: ExecuteOptions,
): Promise<{ report: DeletionReport; stopped: unknown }> {
  const ended = new Map<string, Outcome>()
  const outage = createOutage(
    'run the same command again when the API is back: it deletes what is left',
    signal,
  )

  async function deleteTarget(target: Target, stopRest: (reason: unknown) => void): Promise<Outcome> {
    const { id } = target
    const found = await lookUp(client, id)
    if (found.state === 'gone') return { outcome: 'notFound' }
    if (found.state === 'unknown') {
      stopRest(outage.noAnswer(found.error))
      return failed(found.error)
    }
    const reason = changeSince(found.customer, target) ?? (await target.reasonToKeep?.(found.customer))
    if (reason !== undefined) return { outcome: 'leftOut', reason }
    await run.intend([{ item: id, at: now(), record: found.customer }])
    const { end, stop, mayStillArrive } = await sendDelete(client, id, outage)
    stopRest(stop)
    // Set before journaling: if the journal fails, the report still includes it.
    ended.set(id, end)
    // A DELETE that may still arrive is ambiguous in the journal, so that an undo checks the record.
    await run.conclude([{ item: id, at: now(), ...end, ...(mayStillArrive ? { code: 'ambiguous' } : {}) }])
    return end
  }

  const stopped = await runUntilStopped({
    items: plan.targets,
    async work(target, stopRest) {
      const end = await deleteTarget(target, stopRest)
      ended.set(target.id, end)
      onEnd(end.outcome === 'failed' ? 'failed' : 'done')
    },
    throttle,
    signal,
  })
  const report = deletionReport(plan, ended)
  const failure = await journalLeftOut(report.leftOut, { run, now })
  return { report, stopped: stopped ?? failure }
}

/** Journals why items were left out, so that `runs show` has them all. Resolves with the error if it fails. */
export async function journalLeftOut(
  leftOut: DeletionReport['leftOut'],
  { run, now }: Pick<ExecuteOptions, 'run' | 'now'>,
): Promise<unknown> {
  if (leftOut.length === 0) return undefined
  const outcome = 'notSent'
  const ended = leftOut.map(({ id, reason }) => ({ item: id, at: now(), outcome, message: reason }) as const)
  return run.conclude(ended).catch((error: unknown) => error)
}

/**
 * Deletes one customer; never throws. A 404 after an attempt without a response counts as deleted. If the response was
 * lost, a GET decides; if that fails too, the outcome is `ambiguous` (docs/contract.md#outcomes).
 * @returns `stop` is set if the next deletion would fail in the same way: a rejected key, an outage, or an
 * interruption; `mayStillArrive` if the record still exists, but a request without a response may yet be carried out
 */
async function sendDelete(
  client: Client,
  id: string,
  outage: Outage,
): Promise<{ end: Exclude<Outcome, { outcome: 'leftOut' }>; stop?: unknown; mayStillArrive?: boolean }> {
  try {
    await deleteCustomer(client, id)
    outage.answered()
    return { end: { outcome: 'deleted' } }
  } catch (error) {
    // An interruption: the client finishes requests that were sent, so this one was not.
    if (!(error instanceof ApiError)) return { end: { outcome: 'notSent' }, stop: error }
    if (error.code === 'not_found') return { end: { outcome: error.unanswered ? 'deleted' : 'notFound' } }
    const found = error.unanswered ? await lookUp(client, id).catch(() => undefined) : undefined
    const refused = error.code === 'auth' ? error : undefined
    if (found?.state === 'gone') return { end: { outcome: 'deleted' }, stop: refused }
    const stop = refused ?? outage.noAnswer(error)
    if (!error.unanswered) return { end: failed(error), stop }
    if (found?.state === 'there') return { end: failed(error), stop, mayStillArrive: true }
    const message = `${error.message}; it is unknown whether it was deleted`
    return { end: { outcome: 'failed', code: 'ambiguous', message }, stop, mayStillArrive: true }
  }
}

function failed({ code, message }: ApiError): Extract<Outcome, { outcome: 'failed' }> {
  return { outcome: 'failed', code, message }
}

/** The current state of a customer. */
export type LookUp =
  | { readonly state: 'there'; readonly customer: Customer }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly error: ApiError }

/** Fetches a customer; a 404 and other failures are values. Throws `auth` errors and the signal's reason. */
export async function lookUp(client: Client, id: string): Promise<LookUp> {
  try {
    return { state: 'there', customer: await getCustomer(client, id) }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'auth') throw error
    return error.code === 'not_found' ? { state: 'gone' } : { state: 'unknown', error }
  }
}

/** What `delete --json` prints besides the run (docs/contract.md#json-documents). */
export interface DeletionReport {
  readonly deleted: readonly string[]
  readonly notFound: readonly string[]
  readonly failed: readonly { readonly id: string; readonly code: ErrorCode; readonly message: string }[]
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
  readonly notSent: readonly string[]
}

/** Every requested id, in exactly one list, in the order given. */
export function deletionReport(
  plan: DeletionPlan,
  ended: ReadonlyMap<string, Outcome> = new Map(),
): DeletionReport {
  const ends = outcomesOf(plan.requested, ended)
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

/** The outcome of each item of a plan, in order; an item that was not tried has its planned outcome. */
export function outcomesOf<Planned extends { readonly id: string }, Outcome>(
  planned: readonly Planned[],
  ended: ReadonlyMap<string, Outcome>,
): readonly ((Planned | Outcome) & { readonly id: string })[] {
  return planned.map((one) => ({ ...(ended.get(one.id) ?? one), id: one.id }))
}

/** The ids with one of these outcomes. */
export function idsOf(
  ends: readonly { readonly id: string; readonly outcome: string }[],
  ...outcomes: readonly string[]
): string[] {
  return ends.filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id)
}

/**
 * The error of a deletion, or undefined if everything was deleted (docs/contract.md#outcomes). The error that
 * stopped the rest comes first; `partial` if some were deleted or left out; otherwise the failures' code, or `not_found`.
 */
export function deletionError(report: DeletionReport, stopped: unknown): unknown {
  const { deleted, notFound, failed, leftOut } = report
  if (stopped !== undefined) return stopped
  const remaining = notFound.length + failed.length + leftOut.length
  if (remaining === 0) return undefined
  const total = deleted.length + remaining
  const [only] = failed
  if (total === 1 && only !== undefined) {
    const hint = `check whether it still exists: orafi customers get ${only.id}`
    return new CliError(only.code, only.message, only.code === 'ambiguous' ? { hint } : {})
  }
  const summary = `${digits(remaining)} of ${count(total, 'customer')} ${remaining === 1 ? 'was' : 'were'} not deleted`
  if (deleted.length > 0 || leftOut.length > 0) return new CliError('partial', summary)
  if (failed.length > 0) return new CliError(codeOfFailures(failed), summary)
  const [missing] = notFound
  const message = total === 1 ? `no customer ${missing}` : 'none of the customers exist'
  return new CliError('not_found', message, { hint: notFoundHint })
}

/** `partial` if any failure is ambiguous, `unavailable` if all are, otherwise `api_error`. */
function codeOfFailures(failed: DeletionReport['failed']): ErrorCode {
  if (failed.some(({ code }) => code === 'ambiguous')) return 'partial'
  return failed.every(({ code }) => code === 'unavailable') ? 'unavailable' : 'api_error'
}
