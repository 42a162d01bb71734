import type { Client } from '../api/client.ts'
import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { fingerprintIfWhole } from '../customers/fingerprint.ts'
import { CliError } from '../errors.ts'
import type { Rejects } from '../files/rejects.ts'
import type { Row } from '../files/rows.ts'
import type { Outcome } from '../journal/records.ts'
import { type ImportRow, importRow } from './import-input.ts'
import { type ResolveOptions, resolveRows, type Unresolved } from './import-unresolved.ts'
import { runPool, writtenAhead } from './pool.ts'
import { createOutage, type Throttle } from './throttle.ts'

/** The rows of an import, and who is there already. */
export interface ImportInput {
  /** The rows, checked, in their order, a block at a time: a generator's turn for each row would cost as much as sending it. */
  readonly rows: AsyncIterable<readonly Row[]>
  /** The e-mails that were in the account before the first create. */
  readonly emails: { has(email: string): boolean }
  /** What earlier imports into the same account left open, and created. */
  readonly earlier: ResolveOptions['earlier']
  readonly allowExisting: boolean
  /** Keeps the rows that are not imported. */
  readonly rejects?: Pick<Rejects, 'add'> | undefined
}

export interface ImportOptions extends ImportInput, ResolveOptions {
  readonly throttle: Throttle
  readonly onEnd: (how: 'done' | 'failed') => void
}

/** What became of the rows, counted, and why it stopped if it did; the rows that are in no count were not sent. */
export interface ImportReport {
  created: number
  skipped: number
  rejected: number
  undecided: number
  stopped: unknown
}

function emptyReport(): ImportReport {
  return { created: 0, skipped: 0, rejected: 0, undecided: 0, stopped: undefined }
}

/**
 * How many intents share one fsync. Small, since a crash leaves up to two blocks of rows that have to be looked for;
 * large enough that the journal costs little.
 */
const intentBlock = 128

/** How often rows that did not arrive are sent again, and unresolved rows looked for, before they are given up. */
const rounds = 3

/**
 * Sends every row that is not there yet, each once: an intent is on disk before its request leaves, and a request
 * whose outcome is unknown is looked for in the account, at the end, before anything is sent a second time
 * (docs/contract.md#each-row-once). Never throws for what happens to a row; what stops the rest is in `stopped`.
 */
export async function importRows(options: ImportOptions): Promise<ImportReport> {
  const { client, run, signal, now, rejects } = options
  const report = emptyReport()
  const onEnd = (row: ImportRow, end: RowEnd, reason = 'refused'): void => {
    if (end !== 'created' && end !== 'skipped' && end !== 'rejected') return
    report[end] += 1
    // A row that cannot be kept is reported when the rejects are closed.
    if (end === 'rejected') rejects?.add(row.row, reason).catch(() => undefined)
    options.onEnd(end === 'rejected' ? 'failed' : 'done')
  }
  const sender = createSender({ client, conclude: run.conclude, onEnd, signal, now })
  const { retryQueue, unresolved } = sender
  try {
    await sendAll(options, sender, unsent(options, sender, report, onEnd))
    for (let round = 1; retryQueue.length > 0 && sender.stopped === undefined; round++) {
      if (round > rounds) throw stillDown(retryQueue.length)
      await sendAll(options, sender, oneBlock(retryQueue.splice(0)))
    }
    // Where existing e-mails are allowed they prove nothing, and all unresolved rows stay undecided.
    for (let round = 1; round <= rounds && !options.allowExisting; round++) {
      if (unresolved.length === 0 || sender.stopped !== undefined) break
      await sendAll(options, sender, oneBlock(await resolveRows(options, unresolved, onEnd)))
    }
    report.stopped = sender.stopped
  } catch (error) {
    report.stopped = error
  }
  report.undecided = unresolved.length
  return report
}

/** Counts what an import would do, and sends nothing. */
export async function countRows(input: ImportInput): Promise<ImportReport> {
  const report = emptyReport()
  for await (const block of input.rows) {
    for (const row of block) {
      if (row.problems.length > 0) {
        await input.rejects?.add(row, row.problems.join('; '))
        report.rejected += 1
      } else if (isThere(importRow(row), input)) report.skipped += 1
      else report.created += 1
    }
  }
  return report
}

function isThere({ hash, email }: ImportRow, { allowExisting, earlier, emails }: ImportInput): boolean {
  return allowExisting ? earlier.created.has(hash) : emails.has(email)
}

/** Sends rows over the pool, their intents written a block ahead. */
async function sendAll(
  { run, throttle, now }: ImportOptions,
  sender: Sender,
  rows: AsyncIterable<readonly ImportRow[]>,
): Promise<void> {
  const write = (block: readonly ImportRow[]): Promise<void> =>
    run.intend(block.map(({ item, hash }) => ({ item, hash, at: now() })))
  const unused = (block: readonly ImportRow[]): Promise<void> =>
    run.conclude(block.map(({ item }) => ({ item, at: now(), outcome: 'notSent' as const })))
  await runPool({
    items: writtenAhead({ blocks: rows, write, most: intentBlock }, unused),
    work: (row) => sender.send(row),
    allowed: () => throttle.allowed,
    isStopped: () => sender.stopped !== undefined,
  })
}

/** The rows that are to be sent now: not bad ones, nor those that are there, nor those that an earlier run may have sent. */
async function* unsent(
  options: ImportOptions,
  sender: Sender,
  report: ImportReport,
  onEnd: SenderOptions['onEnd'],
): AsyncGenerator<ImportRow[], void, undefined> {
  const { rows, earlier, allowExisting, rejects } = options
  const mustBeSent = (row: ImportRow): boolean => {
    const there = isThere(row, options)
    const open = earlier.open.get(row.hash)
    if (open !== undefined && !(there && allowExisting)) {
      // Who is there already needs no wait: it is only found out whether the earlier run created them.
      sender.unresolved.push({ row, at: there ? 0 : Math.max(...open.map(({ at }) => at)) })
    } else if (there) onEnd(row, 'skipped')
    return open === undefined && !there
  }
  for await (const block of rows) {
    const sendable: ImportRow[] = []
    for (const row of block) {
      if (row.problems.length === 0) sendable.push(importRow(row))
      else {
        await rejects?.add(row, row.problems.join('; '))
        report.rejected += 1
        options.onEnd('failed')
      }
    }
    yield sendable.filter(mustBeSent)
  }
}

async function* oneBlock(rows: readonly ImportRow[]): AsyncGenerator<readonly ImportRow[], void, undefined> {
  yield rows
}

function stillDown(rows: number): CliError {
  return new CliError('unavailable', `${rows} rows could not be sent: the API stayed unavailable`, {
    hint: 'nothing is lost: run the same import again later',
  })
}

/** How a row ended, or that it did not yet: `unresolved` has no known outcome, `retry` certainly did not arrive. */
export type RowEnd = 'created' | 'skipped' | 'rejected' | 'unresolved' | 'retry' | 'notSent'

export interface SenderOptions {
  readonly client: Client
  /** Appends outcomes to the run. */
  readonly conclude: (outcomes: readonly Outcome[]) => Promise<void>
  readonly onEnd: (row: ImportRow, end: RowEnd, reason?: string) => void
  /** Nothing is sent any more once this is aborted; what is under way is finished. */
  readonly signal: AbortSignal
  readonly now: () => number
}

export interface Sender {
  /** Sends one row. Throws only what the journal throws. */
  send(row: ImportRow): Promise<void>
  readonly unresolved: Unresolved[]
  /** Rows that certainly did not arrive, because the API was not available. */
  readonly retryQueue: ImportRow[]
  /** Why nothing more is to be sent. */
  readonly stopped: unknown
}

/**
 * Sends rows of an import and journals what became of them (docs/contract.md#each-row-once): a row whose outcome is
 * unknown is never sent again here; one that certainly did not arrive is kept for another try; what the API refuses is
 * rejected, but for a 409, which says that the person is there.
 */
export function createSender({ client, conclude, onEnd, signal, now }: SenderOptions): Sender {
  const unresolved: Unresolved[] = []
  const retryQueue: ImportRow[] = []
  const outage = createOutage('nothing is lost: run the same import again when the API is back')
  let stopped: unknown

  async function end(row: ImportRow, as: RowEnd, outcome: Omit<Outcome, 'item' | 'at'>): Promise<void> {
    // Before the journal: if that fails, the summary still says what was done.
    onEnd(row, as, outcome.message)
    await conclude([{ item: row.item, at: now(), ...outcome }])
  }

  async function failed(row: ImportRow, error: ApiError): Promise<void> {
    const { code, message, status } = error
    if (code === 'ambiguous') {
      stopped ??= outage.noAnswer(error)
      unresolved.push({ row, at: now() })
      return onEnd(row, 'unresolved')
    }
    if (code === 'unavailable') {
      stopped ??= outage.noAnswer(error)
      retryQueue.push(row)
      // In the journal it is not under way until it is intended again.
      return end(row, 'retry', { outcome: 'notSent' })
    }
    if (code === 'auth') {
      stopped ??= error
      return end(row, 'notSent', { outcome: 'notSent' })
    }
    outage.answered()
    if (status === 409) return end(row, 'skipped', { outcome: 'skipped' })
    return end(row, 'rejected', { outcome: 'rejected', code, message })
  }

  return {
    async send(row) {
      if (stopped !== undefined || signal.aborted) return end(row, 'notSent', { outcome: 'notSent' })
      try {
        const customer = await createCustomer(client, row.customer)
        outage.answered()
        const fingerprint = fingerprintIfWhole(customer)
        await end(row, 'created', { outcome: 'created', id: customer.id, fingerprint })
      } catch (error) {
        if (error instanceof ApiError) return failed(row, error)
        // Interrupted while it waited for the rate limit: it did not leave.
        if (signal.aborted && error === signal.reason) return end(row, 'notSent', { outcome: 'notSent' })
        throw error
      }
    },
    unresolved,
    retryQueue,
    get stopped() {
      return stopped ?? (signal.aborted ? signal.reason : undefined)
    },
  }
}
