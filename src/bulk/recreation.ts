import type { Client } from '../api/client.ts'
import { type NewCustomer, newCustomerFields } from '../api/customer.ts'
import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { deletedElsewhere, type Undone } from '../journal/list.ts'
import { type RunItem, runItems } from '../journal/read.ts'
import type { RunHeader } from '../journal/records.ts'
import type { Owner } from '../storage/process.ts'
import { type ExecuteOptions, idsOf, journalLeftOut, lookUp, outcomesOf } from './deletion.ts'
import { createOutage, runUntilStopped } from './pool.ts'

/** What is planned for one deleted customer. */
type Planned =
  | { readonly id: string; readonly outcome: 'create'; readonly customer: NewCustomer }
  | { readonly id: string; readonly outcome: 'undecided' }
  | { readonly id: string; readonly outcome: 'leftOut'; readonly reason: string }

/** The undo of a delete before confirmation. Frozen, since exactly what was shown is executed. */
export interface RecreationPlan {
  /** Every deleted customer that is not restored yet, in the order of the deletions. */
  readonly requested: readonly Planned[]
  /** The customers to create again, in the same order. */
  readonly targets: readonly Extract<Planned, { outcome: 'create' }>[]
}

interface RecreationOptions {
  readonly client: Client
  /** The journal's folder. */
  readonly folder: string
  /** The run of the delete. */
  readonly header: RunHeader
  readonly owner: Owner
  /** What earlier undos of the same run did. */
  readonly undone: ReadonlyMap<string, Undone>
  /** Only these ids; empty for all. */
  readonly only: ReadonlySet<string>
}

/**
 * Plans which customers to create again: those that were deleted and are not restored yet. If the outcome of the delete
 * is unknown the record is looked up first; a customer that an earlier undo may have created stays undecided
 * (docs/contract.md#undo). Throws `auth` errors and the signal's reason.
 * @returns the plan, and the ids of all customers in the run
 */
export async function planRecreation(
  options: RecreationOptions,
): Promise<{ plan: RecreationPlan; ids: ReadonlySet<string> }> {
  const { folder, header, only } = options
  const ids = new Set<string>()
  const requested: Planned[] = []
  let others: Promise<ReadonlyMap<string, string>> | undefined
  const deletedBy = async (id: string): Promise<string | undefined> => {
    others ??= otherDeletions(options)
    return (await others).get(id)
  }
  for await (const item of runItems(folder, header.run)) {
    ids.add(item.item)
    if (only.size > 0 && !only.has(item.item)) continue
    const planned = await planFor(item, options, deletedBy)
    if (planned !== undefined) requested.push(planned)
  }
  const targets = requested.filter((planned) => planned.outcome === 'create')
  const plan = Object.freeze({ requested: Object.freeze(requested), targets: Object.freeze(targets) })
  return { plan, ids }
}

/** Other runs in the same account that deleted a customer, or may have, by customer id. */
function otherDeletions({ folder, header, owner }: RecreationOptions): Promise<ReadonlyMap<string, string>> {
  return deletedElsewhere(
    folder,
    header,
    owner,
    ({ identity, key }) => identity === header.identity || key.hash === header.key.hash,
  )
}

/** The plan for one item of the delete; undefined if there is nothing to undo. */
async function planFor(
  item: RunItem,
  { client, undone, only }: RecreationOptions,
  deletedBy: (id: string) => Promise<string | undefined>,
): Promise<Planned | undefined> {
  const id = item.item
  const leftOut = (reason: string): Planned => ({ id, outcome: 'leftOut', reason })
  const before = undone.get(id)?.state
  if (before === 'undone') return undefined
  const deleted = await wasDeleted(item, client)
  if (deleted === 'no') return only.has(id) ? leftOut('it was not deleted') : undefined
  if (deleted === 'unknown') return leftOut('it is unknown whether it was deleted')
  // If another run may have deleted the customer, undoing both runs would create it twice.
  const other = deleted === 'gone' ? await deletedBy(id) : undefined
  if (other !== undefined) return leftOut(`whether it was deleted here or by ${other} is unknown`)
  if (before === 'unknown') return { id, outcome: 'undecided' }
  const customer = restorable(item)
  if (customer === undefined) return leftOut('its record was not kept, or lacks a name or an e-mail')
  return { id, outcome: 'create', customer }
}

async function wasDeleted(
  { item, intent, outcome }: RunItem,
  client: Client,
): Promise<'yes' | 'gone' | 'no' | 'unknown'> {
  if (outcome?.outcome === 'deleted') return 'yes'
  const open = intent !== undefined && (outcome === undefined || outcome.code === 'ambiguous')
  if (!open) return 'no'
  const found = await lookUp(client, item)
  if (found.state === 'unknown') return 'unknown'
  return found.state === 'there' ? 'no' : 'gone'
}

/** The fields to send; undefined if the journal does not have them. */
function restorable({ intent }: RunItem): NewCustomer | undefined {
  const [firstname, lastname, email] = newCustomerFields.map((field) => intent?.record?.[field])
  if (typeof firstname !== 'string' || typeof lastname !== 'string' || typeof email !== 'string')
    return undefined
  return firstname !== '' && lastname !== '' && email !== '' ? { firstname, lastname, email } : undefined
}

/** The outcome of creating one target, as journaled; a target without one was not tried. */
type Outcome =
  | { readonly outcome: 'created'; readonly newId: string }
  | { readonly outcome: 'undecided'; readonly code: string; readonly message: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string }
  /** The request was not sent. */
  | { readonly outcome: 'notSent' }

/**
 * Creates deleted customers again, each at most once: each is journaled before it is sent, and stays undecided if its
 * response is lost. Never throws; an error that stops the rest is in `stopped`.
 */
export async function executeRecreation(
  plan: RecreationPlan,
  { client, run, throttle, signal, now, onEnd }: ExecuteOptions,
): Promise<{ report: RecreationReport; stopped: unknown }> {
  const ended = new Map<string, Outcome>()
  const outage = createOutage(
    'undo the same run again when the API is back: it continues where it stopped',
    signal,
  )

  const create = async (customer: NewCustomer, stopRest: (reason: unknown) => void): Promise<Outcome> => {
    try {
      const { id: newId } = await createCustomer(client, customer)
      outage.answered()
      return { outcome: 'created', newId }
    } catch (error) {
      if (!(error instanceof ApiError)) {
        // An interruption: the client finishes requests that were sent, so this one was not.
        stopRest(error)
        return { outcome: 'notSent' }
      }
      const { code, message } = error
      if (code === 'auth') stopRest(error)
      stopRest(outage.noAnswer(error))
      return { outcome: code === 'ambiguous' ? 'undecided' : 'failed', code, message }
    }
  }

  const stopped = await runUntilStopped({
    items: plan.targets,
    async work({ id, customer }, stopRest) {
      try {
        await run.intend([{ item: id, at: now() }])
        const end = await create(customer, stopRest)
        // Set before journaling: if the journal fails, the report still includes it.
        ended.set(id, end)
        await run.conclude([{ item: id, at: now(), ...end }])
      } finally {
        onEnd(ended.get(id)?.outcome === 'created' ? 'done' : 'failed')
      }
    },
    throttle,
    signal,
  })
  const leftOut = plan.requested.filter((planned) => planned.outcome === 'leftOut')
  const failure = await journalLeftOut(leftOut, { run, now })
  return { report: recreationReport(plan, ended), stopped: stopped ?? failure }
}

/** What `runs undo --json` of a delete prints besides the run. */
export interface RecreationReport {
  readonly undone: readonly { readonly id: string; readonly newId: string }[]
  readonly undecided: readonly string[]
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
  readonly notSent: readonly string[]
}

/** Every customer of a plan, in exactly one list, in the order of the plan. */
export function recreationReport(
  plan: RecreationPlan,
  ended: ReadonlyMap<string, Outcome> = new Map(),
): RecreationReport {
  const ends = outcomesOf(plan.requested, ended)
  return {
    undone: ends.flatMap((end) => (end.outcome === 'created' ? [{ id: end.id, newId: end.newId }] : [])),
    undecided: idsOf(ends, 'undecided'),
    leftOut: ends.flatMap((end) => {
      if (end.outcome === 'leftOut') return [{ id: end.id, reason: end.reason }]
      return end.outcome === 'failed' ? [{ id: end.id, reason: end.message }] : []
    }),
    notSent: idsOf(ends, 'create', 'notSent'),
  }
}
