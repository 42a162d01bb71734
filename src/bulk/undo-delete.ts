import type { Client } from '../api/client.ts'
import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { lookUp } from '../customers/delete.ts'
import { type NewCustomer, newCustomerFields } from '../customers/new-customer.ts'
import type { RunItem } from '../journal/read.ts'
import type { OpenRun } from '../journal/run.ts'
import { workThrough } from './pool.ts'
import type { Throttle } from './throttle.ts'

/** A deleted customer that can be created again. */
export interface Lost {
  readonly id: string
  readonly customer: NewCustomer
}

/** What `runs undo --json` of a delete prints besides the run (contract, "Streams, formats, exit codes"). */
export interface UndoReport {
  readonly undone: { id: string; newId: string }[]
  readonly undecided: string[]
  readonly leftOut: { id: string; reason: string }[]
  stopped: unknown
}

/** What there is to undo in a run, before anybody is asked. */
export interface UndoPreview {
  readonly lost: readonly Lost[]
  readonly undecided: readonly string[]
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[]
}

export interface UndoPreviewOptions {
  readonly client: Client
  /** The items of the run. */
  readonly items: AsyncIterable<RunItem>
  /** Only these; all where it is empty. */
  readonly only: ReadonlySet<string>
  /** Items that an earlier undo may have created: their creates have no known outcome. */
  readonly attempted: ReadonlySet<string>
  /** Told of an item of unknown outcome that turned out to be deleted. */
  readonly onFoundDeleted: (id: string) => Promise<void>
}

/**
 * What can be created again: only what was deleted and not undone yet. Where the outcome of the delete is unknown the
 * record is looked up first; what an earlier undo may have created stays undecided (contract, "Runs").
 */
export async function previewUndo(options: UndoPreviewOptions): Promise<UndoPreview> {
  const lost: Lost[] = []
  const undecided: string[] = []
  const leftOut: { id: string; reason: string }[] = []
  for await (const item of options.items) {
    const id = item.item
    if (options.only.size > 0 && !options.only.has(id)) continue
    const state = await stateOf(item, options)
    if (state === 'kept') continue
    if (state === 'unknown') leftOut.push({ id, reason: 'whether it was deleted is unknown' })
    else if (options.attempted.has(id)) undecided.push(id)
    else {
      const customer = recordOf(item)
      if (customer === undefined)
        leftOut.push({ id, reason: 'its record was not kept, or lacks a name or an e-mail' })
      else lost.push({ id, customer })
    }
  }
  return { lost, undecided, leftOut }
}

async function stateOf(
  { item, intent, outcome }: RunItem,
  { client, onFoundDeleted }: UndoPreviewOptions,
): Promise<'deleted' | 'kept' | 'unknown'> {
  if (outcome?.outcome === 'deleted') return 'deleted'
  const open = intent !== undefined && (outcome === undefined || outcome.code === 'ambiguous')
  if (!open) return 'kept'
  const found = await lookUp(client, item)
  if (found.state === 'unknown') return 'unknown'
  if (found.state === 'there') return 'kept'
  await onFoundDeleted(item)
  return 'deleted'
}

function recordOf({ intent }: RunItem): NewCustomer | undefined {
  const [firstname, lastname, email] = newCustomerFields.map((field) => intent?.record?.[field])
  if (typeof firstname !== 'string' || typeof lastname !== 'string' || typeof email !== 'string')
    return undefined
  return firstname !== '' && lastname !== '' && email !== '' ? { firstname, lastname, email } : undefined
}

export interface UndoDeleteOptions {
  readonly client: Client
  /** The undo's own run. */
  readonly run: OpenRun
  /** The run that is taken back, opened again. */
  readonly original: OpenRun
  readonly lost: readonly Lost[]
  readonly throttle: Throttle
  readonly signal: AbortSignal
  readonly now: () => number
  readonly onEnd: () => void
}

/**
 * Creates deleted customers again, each at most once: it is journaled before it is sent, and where its answer is lost
 * it stays undecided for good. Never throws for what happens to one of them.
 */
export async function undoDelete(options: UndoDeleteOptions): Promise<UndoReport> {
  const report: UndoReport = { undone: [], undecided: [], leftOut: [], stopped: undefined }
  const { lost, throttle, signal } = options
  const work = async (one: Lost): Promise<void> => {
    await createAgain(one, options, report)
    options.onEnd()
  }
  report.stopped = await workThrough({ items: lost, work, throttle, signal })
  return report
}

async function createAgain(
  { id, customer }: Lost,
  options: UndoDeleteOptions,
  report: UndoReport,
): Promise<void> {
  const { client, run, original, now } = options
  await run.intend([{ item: id, at: now() }])
  try {
    const created = await createCustomer(client, customer)
    await run.conclude([{ item: id, at: now(), outcome: 'created', newId: created.id }])
    await original.conclude([{ item: id, at: now(), outcome: 'undone', newId: created.id }])
    report.undone.push({ id, newId: created.id })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'ambiguous') {
      report.undecided.push(id)
      return
    }
    await run.conclude([
      { item: id, at: now(), outcome: 'leftOut', code: error.code, message: error.message },
    ])
    if (error.code === 'auth') throw error
    report.leftOut.push({ id, reason: error.message })
  }
}
