import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { count } from '../count.ts'
import { fingerprintIfComplete } from '../customers/fingerprint.ts'
import { CliError } from '../errors.ts'
import type { Rejects } from '../files/rejects.ts'
import type { Row } from '../files/rows.ts'
import type { Outcome } from '../journal/records.ts'
import { type ImportRow, importRow } from './import-input.ts'
import { type ResolveOptions, resolveRows, type Unresolved } from './import-unresolved.ts'
import { createOutage, type Outage, runPool, type Throttle } from './pool.ts'

/** The rows of an import, and what already exists. */
export interface ImportInput {
  /** Checked rows, in order. In blocks, since yielding single rows would cost as much as sending them. */
  readonly rows: AsyncIterable<readonly Row[]>
  /** The e-mails in the account before the first create. */
  readonly emails: { has(email: string): boolean }
  /** Pending and created rows of earlier imports into the same account. */
  readonly earlier: ResolveOptions['earlier']
  readonly allowExisting: boolean
  /** Receives rows that are invalid, or that the API rejected. */
  readonly rejects?: Pick<Rejects, 'add'> | undefined
}

export interface ImportOptions extends ImportInput, ResolveOptions {
  readonly throttle: Throttle
  readonly onEnd: (how: 'done' | 'failed') => void
}

/** Rows by outcome, and the error that stopped the import, if any. Rows in no count were not sent. */
export interface ImportReport {
  /** The rows that the API rejected, with its message. */
  readonly refused: { readonly line: number; readonly reason: string }[]
  /** The lines of the undecided rows. */
  unresolved: readonly number[]
  /** The lines of created rows whose outcome could not be written to the journal. */
  readonly unrecorded: number[]
  created: number
  skipped: number
  /** Left out because an earlier row has the same e-mail. */
  repeated: number
  rejected: number
  undecided: number
  stopped: unknown
}

function emptyReport(): ImportReport {
  return {
    refused: [],
    unresolved: [],
    unrecorded: [],
    created: 0,
    skipped: 0,
    repeated: 0,
    rejected: 0,
    undecided: 0,
    stopped: undefined,
  }
}

/** Counts what an import would do, without sending anything. */
export async function countRows(input: ImportInput): Promise<ImportReport> {
  const report = emptyReport()
  for await (const block of input.rows) {
    for (const row of block) {
      if (row.problems.length > 0) {
        await input.rejects?.add(row, row.problems.join('; '))
        report.rejected += 1
      } else if (row.repeats !== undefined) report.repeated += 1
      else if (alreadyExists(importRow(row), input)) report.skipped += 1
      else report.created += 1
    }
  }
  return report
}

/** An import in progress. */
interface Import {
  readonly options: ImportOptions
  readonly report: ImportReport
  /** Rows that may have been sent; not sent again until the account has been checked. */
  readonly unresolved: Unresolved[]
  /** Rows that certainly were not created, because the API was unavailable. */
  readonly retryQueue: ImportRow[]
  readonly outage: Outage
}

/** How many times the retry queue is sent, and unresolved rows are looked up, before giving up. */
const maxRounds = 3

/**
 * Creates every row that does not exist yet, each once: the intent is on disk before the request is sent, and a row
 * whose outcome is unknown is looked up in the account before it is sent again (docs/contract.md#each-row-once).
 * Never throws; an error that stops the import is in `stopped`.
 */
export async function importRows(options: ImportOptions): Promise<ImportReport> {
  const report = emptyReport()
  const unresolved: Unresolved[] = []
  const retryQueue: ImportRow[] = []
  const outage = createOutage(
    'nothing is lost: run the same import again when the API is back',
    options.signal,
  )
  const work = { options, report, unresolved, retryQueue, outage }
  try {
    await sendAll(work, rowsToSend(work))
    for (let round = 1; retryQueue.length > 0 && !isStopped(work); round++) {
      if (round > maxRounds) throw stillUnavailable(retryQueue.length)
      await sendAll(work, oneBlock(retryQueue.splice(0)))
    }
    // With --allow-existing an e-mail in the account proves nothing, so unresolved rows stay unresolved.
    for (let round = 1; round <= maxRounds && !options.allowExisting; round++) {
      if (unresolved.length === 0 || isStopped(work)) break
      const missing = await resolveRows(options, unresolved, {
        conclude: (row, outcome) => conclude(work, row, outcome),
        skipped: () => record(work, 'skipped'),
      })
      await sendAll(work, oneBlock(missing))
    }
    if (options.signal.aborted) report.stopped ??= options.signal.reason
  } catch (error) {
    report.stopped = error
  }
  report.undecided = unresolved.length
  report.unresolved = unresolved.map(({ row }) => row.row.line).sort((a, b) => a - b)
  report.refused.sort((a, b) => a.line - b.line)
  return report
}

function isStopped({ report, options }: Import): boolean {
  return report.stopped !== undefined || options.signal.aborted
}

async function* oneBlock(rows: readonly ImportRow[]): AsyncGenerator<readonly ImportRow[], void, undefined> {
  yield rows
}

function stillUnavailable(rows: number): CliError {
  return new CliError(
    'unavailable',
    `${count(rows, 'row')} could not be sent: the API is still unavailable`,
    { hint: 'no rows are lost: run the same import again later' },
  )
}

/** The rows to send: valid, not existing yet, and not possibly sent by an earlier run. */
async function* rowsToSend(work: Import): AsyncGenerator<readonly ImportRow[], void, undefined> {
  const { rows, rejects } = work.options
  for await (const block of rows) {
    const good: ImportRow[] = []
    for (const row of block) {
      if (row.problems.length === 0 && row.repeats === undefined) good.push(importRow(row))
      else if (row.repeats !== undefined) record(work, 'repeated')
      else {
        await rejects?.add(row, row.problems.join('; '))
        record(work, 'rejected')
      }
    }
    yield good.filter((row) => mustSend(work, row))
  }
}

function mustSend(work: Import, row: ImportRow): boolean {
  const { earlier, allowExisting } = work.options
  const exists = alreadyExists(row, work.options)
  const pending = earlier.pending.get(row.hash)
  if (pending !== undefined && !(exists && allowExisting)) {
    // An existing customer needs no wait: it is only checked whether the earlier run created it.
    work.unresolved.push({ row, at: exists ? 0 : Math.max(...pending.map(({ at }) => at)) })
  } else if (exists) record(work, 'skipped')
  return pending === undefined && !exists
}

function alreadyExists({ hash, email }: ImportRow, { allowExisting, earlier, emails }: ImportInput): boolean {
  return allowExisting ? earlier.created.has(hash) : emails.has(email)
}

function record({ report, options }: Import, end: 'created' | 'skipped' | 'repeated' | 'rejected'): void {
  report[end] += 1
  options.onEnd(end === 'rejected' ? 'failed' : 'done')
}

async function sendAll(work: Import, rows: AsyncIterable<readonly ImportRow[]>): Promise<void> {
  await runPool({
    items: withIntents(work, rows),
    work: (row) => send(work, row),
    allowed: () => work.options.throttle.allowed,
    isStopped: () => isStopped(work),
  })
}

/**
 * How many intents share one fsync: small, since after a crash each of them has to be looked up; large enough that
 * the journal costs little.
 */
const intentBatch = 128

/** Yields the rows one by one, after their intents are on disk. */
async function* withIntents(
  { options: { run, now } }: Import,
  rows: AsyncIterable<readonly ImportRow[]>,
): AsyncGenerator<ImportRow, void, undefined> {
  for await (const all of rows) {
    for (let start = 0; start < all.length; start += intentBatch) {
      const block = all.slice(start, start + intentBatch)
      await run.intend(block.map(({ item, hash }) => ({ item, hash, at: now() })))
      let taken = 0
      try {
        for (const row of block) {
          taken += 1
          yield row
        }
      } finally {
        // The pool stopped: the remaining rows were not sent.
        const left = block.slice(taken)
        if (left.length > 0)
          await run.conclude(left.map(({ item }) => ({ item, at: now(), outcome: 'notSent' })))
      }
    }
  }
}

/**
 * Sends one row, and journals its outcome (docs/contract.md#each-row-once). A row whose outcome is unknown becomes
 * unresolved; a row that certainly was not created is queued for retry; a 409 means that the customer exists; `auth`
 * stops the import; other API errors reject the row. Throws errors of the journal.
 */
async function send(work: Import, row: ImportRow): Promise<void> {
  const { report, outage } = work
  const { client, signal } = work.options
  if (isStopped(work)) return conclude(work, row, { outcome: 'notSent' })
  try {
    const customer = await createCustomer(client, row.customer)
    outage.answered()
    const fingerprint = fingerprintIfComplete(customer)
    return await conclude(work, row, { outcome: 'created', id: customer.id, fingerprint })
  } catch (error) {
    // Interrupted while waiting for the rate limit: not sent.
    if (signal.aborted && error === signal.reason) return conclude(work, row, { outcome: 'notSent' })
    if (!(error instanceof ApiError)) throw error
    const { code, message, status } = error
    if (code === 'ambiguous') {
      report.stopped ??= outage.noAnswer(error)
      work.unresolved.push({ row, at: work.options.now() })
      return
    }
    if (code === 'unavailable') {
      report.stopped ??= outage.noAnswer(error)
      work.retryQueue.push(row)
      // Not in progress in the journal until its next intent.
      return conclude(work, row, { outcome: 'notSent' })
    }
    if (code === 'auth') {
      report.stopped ??= error
      return conclude(work, row, { outcome: 'notSent' })
    }
    outage.answered()
    if (status === 409) return conclude(work, row, { outcome: 'skipped' })
    // A failure to write the row is reported when the rejects are closed.
    work.options.rejects?.add(row.row, message).catch(() => undefined)
    report.refused.push({ line: row.row.line, reason: message })
    return conclude(work, row, { outcome: 'rejected', code, message })
  }
}

/** Counts the outcome before journaling it: if the journal fails, the summary still includes it. */
async function conclude(work: Import, row: ImportRow, outcome: Omit<Outcome, 'item' | 'at'>): Promise<void> {
  const end = outcome.outcome
  if (end === 'created' || end === 'skipped' || end === 'rejected') record(work, end)
  try {
    await work.options.run.conclude([{ item: row.item, at: work.options.now(), ...outcome }])
  } catch (error) {
    if (end === 'created') work.report.unrecorded.push(row.row.line)
    throw error
  }
}
