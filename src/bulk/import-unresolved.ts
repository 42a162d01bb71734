import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { fingerprintIfComplete } from '../customers/fingerprint.ts'
import { listCustomers } from '../customers/listing.ts'
import { sameEmail } from '../email.ts'
import { listRuns } from '../journal/list.ts'
import { type RunSummary, runItems } from '../journal/read.ts'
import type { Outcome } from '../journal/records.ts'
import { type OpenRun, reopenRun } from '../journal/run.ts'
import type { Owner } from '../storage/process.ts'
import { createTextSet } from '../text-set.ts'
import type { ImportRow } from './import-input.ts'

/** A row that an earlier import may have sent: an intent without an outcome. */
export interface PendingRow {
  readonly run: string
  readonly item: string
  /** When its intent was written, in epoch ms. */
  readonly at: number
}

/** Rows of earlier imports into the same account. */
export interface Earlier {
  /** Rows whose outcome is unknown, by hash. */
  readonly pending: Map<string, readonly PendingRow[]>
  /** Hashes of created rows; empty unless `withCreated` is set. */
  readonly created: { has(hash: string): boolean }
  /** Writes an outcome into the run that sent the row. */
  conclude(row: PendingRow, outcome: Outcome): Promise<void>
  close(): Promise<void>
}

export interface EarlierOptions {
  /** The journal's folder. */
  readonly folder: string
  readonly identity: string
  /** Another profile with the same key is the same account. */
  readonly keyHash: string
  readonly owner: Owner
  readonly now: () => number
  /** Whether to collect created rows too; needed only with --allow-existing. */
  readonly withCreated: boolean
}

/**
 * Reads the pending rows of earlier imports into one account. The caller holds the identity's lock, so none of them is
 * running. Throws if a run cannot be read, since it may contain a row that was sent.
 */
export async function readEarlier(options: EarlierOptions): Promise<Earlier> {
  const { folder, identity, keyHash, owner, now, withCreated } = options
  const pending = new Map<string, readonly PendingRow[]>()
  const created = createTextSet()
  const isImportHere = (run: RunSummary): boolean =>
    run.command === 'import' && (run.identity === identity || run.key.hash === keyHash)
  for (const { run, items, done } of (await listRuns(folder, owner)).filter(isImportHere)) {
    if (items === done && !withCreated) continue
    for await (const { item, intent, outcome } of runItems(folder, run)) {
      if (intent?.hash === undefined) continue
      if (outcome === undefined)
        pending.set(intent.hash, [...(pending.get(intent.hash) ?? []), { run, item, at: intent.at }])
      else if (outcome.outcome === 'created' && withCreated) created.add(intent.hash)
    }
  }

  const reopened = new Map<string, Promise<OpenRun>>()
  return {
    pending,
    created,
    async conclude({ run, item }, outcome) {
      const opening = reopened.get(run) ?? reopenRun({ folder, run, owner, now })
      reopened.set(run, opening)
      await (await opening).conclude([{ ...outcome, item }])
    },
    async close() {
      for (const run of reopened.values()) await (await run).close()
    },
  }
}

/**
 * Reads the whole account and calls `visit` with every customer's e-mail. Resolves with the number of repeated ids.
 * Throws errors of the listing, since a partial listing does not say who is missing.
 */
export async function readAccount(
  client: Client,
  visit: (email: string, customer: Customer) => void,
  onScanned?: (scanned: number) => void,
): Promise<number> {
  const listing = listCustomers(client, { query: {}, limit: Number.POSITIVE_INFINITY, onScanned })
  for await (const customer of listing.records) {
    if (typeof customer.email === 'string') visit(sameEmail(customer.email), customer)
  }
  return listing.repeated()
}

/** A row that may have been sent, by this run or an earlier one: it is unknown whether it was created. */
export interface Unresolved {
  readonly row: ImportRow
  /** When the request was given up, or an earlier run wrote its intent, in epoch ms; 0 if there is nothing to wait for. */
  readonly at: number
}

export interface ResolveOptions {
  readonly client: Client
  readonly run: Pick<OpenRun, 'intend' | 'conclude'>
  readonly earlier: Earlier
  readonly signal: AbortSignal
  /** How long a timed-out request may still arrive, in ms: one `--timeout`. */
  readonly timeoutMs: number
  readonly now: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Called before unresolved rows are looked up, with the wait (ms) in which their requests may still arrive. */
  readonly onResolving: (rows: number, waitMs: number) => void
}

/** What to do with a row that was looked up and found. */
export interface Ends {
  /** Counts its outcome, and writes it to this run. */
  conclude(row: ImportRow, outcome: Pick<Outcome, 'outcome' | 'id' | 'fingerprint'>): Promise<void>
  /** Counts a row that an earlier run sent. */
  skipped(): void
}

/**
 * Resolves rows whose outcome is unknown, once no request is in flight. One `--timeout` after the last of them was
 * given up, the account is listed: a customer who is there now was created by us if the names match. The others are looked up once more after another `--timeout` (docs/contract.md#each-row-once). Outcomes are written to
 * the run that sent the row. Removes resolved rows from `unresolved`; they stay if the account cannot be read.
 * @returns the rows that certainly do not exist, and may be sent again
 */
export async function resolveRows(
  options: ResolveOptions,
  unresolved: Unresolved[],
  ends: Ends,
): Promise<readonly ImportRow[]> {
  await checkAccount(options, unresolved, ends)
  if (unresolved.length === 0) return []
  await checkAccount(options, unresolved, ends)
  const missing = unresolved.splice(0).map(({ row }) => row)
  // Not in progress in the journal until their next intent.
  const at = options.now()
  const ours = missing.filter(({ hash }) => !options.earlier.pending.has(hash))
  if (ours.length > 0) await options.run.conclude(ours.map(({ item }) => ({ item, at, outcome: 'notSent' })))
  for (const row of missing) await concludeEarlier(options, row, { outcome: 'notSent' })
  return missing
}

/** Lists the account once, at least one timeout after the last request was given up. */
async function checkAccount(options: ResolveOptions, unresolved: Unresolved[], ends: Ends): Promise<void> {
  const { client, signal, now, sleep, timeoutMs } = options
  const last = unresolved.reduce((latest, { at }) => Math.max(latest, at), 0)
  // If the clock was wrong, a time in the journal may be in the future: nothing is in flight longer than one timeout.
  const waitMs = Math.min(timeoutMs, Math.max(0, last + timeoutMs - now()))
  options.onResolving(unresolved.length, waitMs)
  if (waitMs > 0) await sleep(waitMs, signal)
  const rows = unresolved.splice(0)
  let resolved = 0
  try {
    const found = await findByEmail(client, new Set(rows.map(({ row }) => row.email)))
    const at = now()
    for (const { row } of rows) {
      // Before its outcome is written: if that fails, the row was still counted.
      resolved += 1
      const customers = found.get(row.email)
      if (customers === undefined) unresolved.push({ row, at })
      else await concludeFound(options, row, customers, ends)
    }
  } finally {
    unresolved.push(...rows.slice(resolved))
  }
}

/** The customers that have one of these e-mails. */
async function findByEmail(client: Client, wanted: ReadonlySet<string>): Promise<Map<string, Customer[]>> {
  const found = new Map<string, Customer[]>()
  await readAccount(client, (email, customer) => {
    if (wanted.has(email)) found.set(email, [...(found.get(email) ?? []), customer])
  })
  return found
}

/** A customer that did not exist before the run was created by it if the names match, otherwise by somebody else. */
async function concludeFound(
  options: ResolveOptions,
  row: ImportRow,
  customers: readonly Customer[],
  ends: Ends,
): Promise<void> {
  const { firstname, lastname } = row.customer
  const ours = customers.find((one) => one.firstname === firstname && one.lastname === lastname)
  const outcome =
    ours === undefined
      ? ({ outcome: 'skipped' } as const)
      : ({ outcome: 'created', id: ours.id, fingerprint: fingerprintIfComplete(ours) } as const)
  const earlier = options.earlier.pending.has(row.hash)
  if (!earlier) return ends.conclude(row, outcome)
  // Counted before journaling: if the journal fails, the summary still includes it.
  ends.skipped()
  await concludeEarlier(options, row, outcome)
}

/**
 * Writes an outcome to the earlier runs that sent the row, if any. If several did, the last one counts as the creator,
 * so that only one run created the customer.
 */
async function concludeEarlier(
  { earlier, now }: ResolveOptions,
  row: ImportRow,
  outcome: Pick<Outcome, 'outcome' | 'id' | 'fingerprint'>,
): Promise<void> {
  const pending = earlier.pending.get(row.hash) ?? []
  earlier.pending.delete(row.hash)
  const [last, ...others] = [...pending].sort((a, b) => b.at - a.at)
  if (last === undefined) return
  await earlier.conclude(last, { item: last.item, at: now(), ...outcome })
  const rest = outcome.outcome === 'created' ? { outcome: 'skipped' as const } : outcome
  for (const one of others) await earlier.conclude(one, { item: one.item, at: now(), ...rest })
}
