import { createCustomer } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { fingerprintIfWhole } from '../customers/fingerprint.ts'
import { CliError } from '../errors.ts'
import type { Rejects } from '../files/rejects.ts'
import type { Row } from '../files/rows.ts'
import type { Outcome } from '../journal/records.ts'
import { type ImportRow, importRow } from './import-input.ts'
import { type ResolveOptions, resolveRows, type Unresolved } from './import-unresolved.ts'
import { runPool } from './pool.ts'
import { createOutage, type Outage, type Throttle } from './throttle.ts'

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

/** An import under way. */
interface Import {
  readonly options: ImportOptions
  readonly report: ImportReport
  /** Rows whose request got no answer: never sent again before they were looked for. */
  readonly unresolved: Unresolved[]
  /** Rows that certainly did not arrive, because the API was not available. */
  readonly retryQueue: ImportRow[]
  readonly outage: Outage
}

/** How often rows that did not arrive are sent again, and unresolved rows looked for, before they are given up. */
const rounds = 3

/**
 * Sends every row that is not there yet, each once: an intent is on disk before its request leaves, and a request
 * whose outcome is unknown is looked for in the account, at the end, before anything is sent a second time
 * (docs/contract.md#each-row-once). Never throws for what happens to a row; what stops the rest is in `stopped`.
 */
export async function importRows(options: ImportOptions): Promise<ImportReport> {
  const report = emptyReport()
  const unresolved: Unresolved[] = []
  const retryQueue: ImportRow[] = []
  const outage = createOutage('nothing is lost: run the same import again when the API is back')
  const work = { options, report, unresolved, retryQueue, outage }
  try {
    await sendAll(work, missingRows(work))
    for (let round = 1; retryQueue.length > 0 && !isStopped(work); round++) {
      if (round > rounds) throw stillDown(retryQueue.length)
      await sendAll(work, oneBlock(retryQueue.splice(0)))
    }
    // Where existing e-mails are allowed they prove nothing, and all unresolved rows stay undecided.
    for (let round = 1; round <= rounds && !options.allowExisting; round++) {
      if (unresolved.length === 0 || isStopped(work)) break
      const missing = await resolveRows(options, unresolved, (end) => count(work, end))
      await sendAll(work, oneBlock(missing))
    }
    if (options.signal.aborted) report.stopped ??= options.signal.reason
  } catch (error) {
    report.stopped = error
  }
  report.undecided = unresolved.length
  return report
}

function isStopped({ report, options }: Import): boolean {
  return report.stopped !== undefined || options.signal.aborted
}

async function* oneBlock(rows: readonly ImportRow[]): AsyncGenerator<readonly ImportRow[], void, undefined> {
  yield rows
}

function stillDown(rows: number): CliError {
  return new CliError('unavailable', `${rows} rows could not be sent: the API stayed unavailable`, {
    hint: 'nothing is lost: run the same import again later',
  })
}

/** The rows that are to be sent: not bad ones, nor those that are there, nor those that an earlier run may have sent. */
async function* missingRows(work: Import): AsyncGenerator<readonly ImportRow[], void, undefined> {
  const { rows, rejects } = work.options
  for await (const block of rows) {
    const good: ImportRow[] = []
    for (const row of block) {
      if (row.problems.length === 0) good.push(importRow(row))
      else {
        await rejects?.add(row, row.problems.join('; '))
        count(work, 'rejected')
      }
    }
    yield good.filter((row) => isMissing(work, row))
  }
}

function isMissing(work: Import, row: ImportRow): boolean {
  const { earlier, allowExisting } = work.options
  const there = isThere(row, work.options)
  const open = earlier.open.get(row.hash)
  if (open !== undefined && !(there && allowExisting)) {
    // Who is there already needs no wait: it is only found out whether the earlier run created them.
    work.unresolved.push({ row, at: there ? 0 : Math.max(...open.map(({ at }) => at)) })
  } else if (there) count(work, 'skipped')
  return open === undefined && !there
}

function isThere({ hash, email }: ImportRow, { allowExisting, earlier, emails }: ImportInput): boolean {
  return allowExisting ? earlier.created.has(hash) : emails.has(email)
}

function count({ report, options }: Import, end: 'created' | 'skipped' | 'rejected'): void {
  report[end] += 1
  options.onEnd(end === 'rejected' ? 'failed' : 'done')
}

async function sendAll(work: Import, rows: AsyncIterable<readonly ImportRow[]>): Promise<void> {
  await runPool({
    items: intended(work, rows),
    work: (row) => send(work, row),
    allowed: () => work.options.throttle.allowed,
    isStopped: () => isStopped(work),
  })
}

/**
 * How many intents share one fsync. Small, since a crash leaves a block of rows that have to be looked for; large
 * enough that the journal costs little.
 */
const intentBlock = 128

/** The rows one by one, each once its intent is on disk. */
async function* intended(
  { options: { run, now } }: Import,
  rows: AsyncIterable<readonly ImportRow[]>,
): AsyncGenerator<ImportRow, void, undefined> {
  for await (const all of rows) {
    for (let start = 0; start < all.length; start += intentBlock) {
      const block = all.slice(start, start + intentBlock)
      await run.intend(block.map(({ item, hash }) => ({ item, hash, at: now() })))
      let taken = 0
      try {
        for (const row of block) {
          taken += 1
          yield row
        }
      } finally {
        // The pool stopped: what it did not take was not sent.
        const left = block.slice(taken)
        if (left.length > 0)
          await run.conclude(left.map(({ item }) => ({ item, at: now(), outcome: 'notSent' })))
      }
    }
  }
}

/**
 * Sends one row, and journals what became of it (docs/contract.md#each-row-once): a row whose outcome is unknown is
 * never sent again here; one that certainly did not arrive is kept for another try; what the API refuses is rejected,
 * but for a 409, which says that the person is there. Throws only what the journal throws.
 */
async function send(work: Import, row: ImportRow): Promise<void> {
  const { report, outage } = work
  const { client, signal } = work.options
  if (isStopped(work)) return conclude(work, row, { outcome: 'notSent' })
  try {
    const customer = await createCustomer(client, row.customer)
    outage.answered()
    const fingerprint = fingerprintIfWhole(customer)
    return await conclude(work, row, { outcome: 'created', id: customer.id, fingerprint })
  } catch (error) {
    // Interrupted while it waited for the rate limit: it did not leave.
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
      // In the journal it is not under way until it is intended again.
      return conclude(work, row, { outcome: 'notSent' })
    }
    if (code === 'auth') {
      report.stopped ??= error
      return conclude(work, row, { outcome: 'notSent' })
    }
    outage.answered()
    if (status === 409) return conclude(work, row, { outcome: 'skipped' })
    // A row that cannot be kept is reported when the rejects are closed.
    work.options.rejects?.add(row.row, message).catch(() => undefined)
    return conclude(work, row, { outcome: 'rejected', code, message })
  }
}

/** Counts how a row ended, then journals it: if the journal fails, the summary still says what was done. */
async function conclude(work: Import, row: ImportRow, outcome: Omit<Outcome, 'item' | 'at'>): Promise<void> {
  const end = outcome.outcome
  if (end === 'created' || end === 'skipped' || end === 'rejected') count(work, end)
  await work.options.run.conclude([{ item: row.item, at: work.options.now(), ...outcome }])
}
