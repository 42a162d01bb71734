import type { Client } from '../api/client.ts'
import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { type NewCustomer, newCustomerFields } from '../customers/validation.ts'
import { deletedElsewhere, type Undone } from '../journal/list.ts'
import { type RunItem, runItems } from '../journal/read.ts'
import type { RunHeader } from '../journal/records.ts'
import type { Owner } from '../storage/process.ts'
import { type ExecuteOptions, endsOf, idsOf, lookUp } from './deletion.ts'
import { workThrough } from './pool.ts'
import { createOutage } from './throttle.ts'

/** What is to become of one deleted customer. */
type Planned =
  | { readonly id: string; readonly outcome: 'create'; readonly customer: NewCustomer }
  | { readonly id: string; readonly outcome: 'undecided' }
  | { readonly id: string; readonly outcome: 'leftOut'; readonly reason: string }

/** The undo of a delete before anybody is asked. Frozen: what is shown is what is done. */
export interface RecreationPlan {
  /** Every deleted customer that is not back yet, in the order of the deletions. */
  readonly asked: readonly Planned[]
  /** Those that are to be created again, in the same order. */
  readonly targets: readonly Extract<Planned, { outcome: 'create' }>[]
}

interface RecreationOptions {
  readonly client: Client
  /** The journal's folder. */
  readonly folder: string
  /** The delete. */
  readonly header: RunHeader
  readonly owner: Owner
  /** What earlier undos of the same run did. */
  readonly undone: ReadonlyMap<string, Undone>
  /** Only these; all where it is empty. */
  readonly only: ReadonlySet<string>
}

/**
 * What can be created again: only what was deleted and is not back yet. Where the outcome of the delete is unknown
 * the record is looked up first; what an earlier undo may have created stays undecided (docs/contract.md#undo).
 * Throws `auth` and the reason of an interruption.
 *
 * @returns the plan, and the ids of all customers of the run
 */
export async function planRecreation(
  options: RecreationOptions,
): Promise<{ plan: RecreationPlan; ids: ReadonlySet<string> }> {
  const { folder, header, only } = options
  const ids = new Set<string>()
  const asked: Planned[] = []
  let elsewhere: Promise<ReadonlyMap<string, string>> | undefined
  const deletedBy = async (id: string): Promise<string | undefined> => {
    elsewhere ??= otherDeletions(options)
    return (await elsewhere).get(id)
  }
  for await (const item of runItems(folder, header.run)) {
    ids.add(item.item)
    if (only.size > 0 && !only.has(item.item)) continue
    const planned = await planFor(item, options, deletedBy)
    if (planned !== undefined) asked.push(planned)
  }
  const targets = asked.filter((planned) => planned.outcome === 'create')
  const plan = Object.freeze({ asked: Object.freeze(asked), targets: Object.freeze(targets) })
  return { plan, ids }
}

/** Other runs in the same account that deleted a customer, or may have, by the ids. */
function otherDeletions({ folder, header, owner }: RecreationOptions): Promise<ReadonlyMap<string, string>> {
  return deletedElsewhere(
    folder,
    header,
    owner,
    ({ identity, key }) => identity === header.identity || key.hash === header.key.hash,
  )
}

/** What is to become of one item of the delete; undefined where there is nothing to undo. */
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
  if (deleted === 'unknown') return leftOut('whether it was deleted is unknown')
  // Who is gone was deleted once: undone from two runs they would come back twice.
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

/** What a create would send; undefined where the journal does not have it. */
function restorable({ intent }: RunItem): NewCustomer | undefined {
  const [firstname, lastname, email] = newCustomerFields.map((field) => intent?.record?.[field])
  if (typeof firstname !== 'string' || typeof lastname !== 'string' || typeof email !== 'string')
    return undefined
  return firstname !== '' && lastname !== '' && email !== '' ? { firstname, lastname, email } : undefined
}

/** How the creation of one target ended, as the journal has it; a target without an end was not tried. */
type Ended =
  | { readonly outcome: 'created'; readonly newId: string }
  | { readonly outcome: 'undecided'; readonly code: string; readonly message: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string }
  /** The request did not leave. */
  | { readonly outcome: 'notSent' }

/**
 * Creates deleted customers again, each at most once: it is journaled before it is sent, and where its answer is lost
 * it stays undecided for good. Never throws: what stops the rest is in `stopped`.
 */
export async function executeRecreation(
  plan: RecreationPlan,
  { client, run, throttle, signal, now, onEnd }: ExecuteOptions,
): Promise<{ report: RecreationReport; stopped: unknown }> {
  const ended = new Map<string, Ended>()
  const outage = createOutage('undo the same run again when the API is back: it goes on where it stopped')

  const create = async (customer: NewCustomer, stopRest: (reason: unknown) => void): Promise<Ended> => {
    try {
      const { id: newId } = await createCustomer(client, customer)
      outage.answered()
      return { outcome: 'created', newId }
    } catch (error) {
      if (!(error instanceof ApiError)) {
        // An interruption: the client finishes what has left, so this had not.
        stopRest(error)
        return { outcome: 'notSent' }
      }
      const { code, message } = error
      if (code === 'auth') stopRest(error)
      if (code === 'ambiguous' || code === 'unavailable') stopRest(outage.noAnswer(error))
      else outage.answered()
      return { outcome: code === 'ambiguous' ? 'undecided' : 'failed', code, message }
    }
  }

  const stopped = await workThrough({
    items: plan.targets,
    async work({ id, customer }, stopRest) {
      try {
        await run.intend([{ item: id, at: now() }])
        const end = await create(customer, stopRest)
        // Before the journal: if that fails, the report still says what was done.
        ended.set(id, end)
        await run.conclude([{ item: id, at: now(), ...end }])
      } finally {
        onEnd(ended.get(id)?.outcome === 'created' ? 'done' : 'failed')
      }
    },
    throttle,
    signal,
  })
  return { report: recreationReport(plan, ended), stopped }
}

/** What `runs undo --json` of a delete prints besides the run: each customer in exactly one list. */
export interface RecreationReport {
  readonly undone: readonly { readonly id: string; readonly newId: string }[]
  readonly undecided: readonly string[]
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
  readonly notSent: readonly string[]
}

/** Every customer of a plan, in exactly one list, in the order of the plan. */
export function recreationReport(
  plan: RecreationPlan,
  ended: ReadonlyMap<string, Ended> = new Map(),
): RecreationReport {
  const ends = endsOf(plan.asked, ended)
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
