import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import { fingerprintIfWhole } from '../customers/fingerprint.ts'
import { listCustomers } from '../customers/listing.ts'
import { sameEmail } from '../email.ts'
import { listRuns } from '../journal/list.ts'
import type { RunSummary } from '../journal/read.ts'
import { runItems } from '../journal/read.ts'
import type { Outcome } from '../journal/records.ts'
import { type OpenRun, reopenRun } from '../journal/run.ts'
import type { Owner } from '../storage/process.ts'
import { createTextSet } from '../text-set.ts'
import type { ImportRow } from './import-input.ts'

/** A row that an earlier import may have sent: its intent has no outcome. */
export interface OpenRow {
  readonly run: string
  readonly item: string
  /** When its intent was written, in epoch ms. */
  readonly at: number
}

/** What earlier imports into the same account left behind. */
export interface Earlier {
  /** Rows of unknown outcome, by their hash. */
  readonly open: Map<string, readonly OpenRow[]>
  /** Hashes of the rows that they created; empty unless asked for. */
  readonly created: { has(hash: string): boolean }
  /** Writes an outcome into the run that sent the row. */
  conclude(row: OpenRow, outcome: Outcome): Promise<void>
  close(): Promise<void>
}

export interface EarlierOptions {
  /** The journal's folder. */
  readonly folder: string
  readonly identity: string
  /** Another profile's name with the same key is the same account. */
  readonly keyHash: string
  readonly owner: Owner
  readonly now: () => number
  /** Whether the rows that were created are wanted too: only where e-mails prove nothing. */
  readonly withCreated: boolean
}

/**
 * Reads the journal for what earlier imports into one account left open. The caller holds the identity's lock, so none
 * of them is going on. Throws what the journal throws: a run that cannot be read may hide a row that was sent.
 */
export async function readEarlier(options: EarlierOptions): Promise<Earlier> {
  const { folder, identity, keyHash, owner, now, withCreated } = options
  const open = new Map<string, readonly OpenRow[]>()
  const created = createTextSet()
  const isHere = (run: RunSummary): boolean =>
    run.command === 'import' && (run.identity === identity || run.key.hash === keyHash)
  for (const { run, items, done } of (await listRuns(folder, owner)).filter(isHere)) {
    if (items === done && !withCreated) continue
    for await (const { item, intent, outcome } of runItems(folder, run)) {
      if (intent?.hash === undefined) continue
      if (outcome === undefined)
        open.set(intent.hash, [...(open.get(intent.hash) ?? []), { run, item, at: intent.at }])
      else if (outcome.outcome === 'created' && withCreated) created.add(intent.hash)
    }
  }

  const reopened = new Map<string, Promise<OpenRun>>()
  return {
    open,
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
 * Reads the whole account, without filters, and hands every customer's e-mail to `visit`. Resolves with how many ids
 * came twice. Throws what the listing throws: an account that was read in part says nothing about who is missing.
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

/** A row whose request got no answer: whether it was created is unknown. */
export interface Unresolved {
  readonly row: ImportRow
  /** When the request was given up, in epoch ms. */
  readonly at: number
}

export interface ResolveOptions {
  readonly client: Client
  readonly run: Pick<OpenRun, 'intend' | 'conclude'>
  readonly earlier: Earlier
  readonly signal: AbortSignal
  /** How long a request that was given up may still arrive, in ms: one `--timeout`. */
  readonly timeoutMs: number
  readonly now: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Unresolved rows are looked for, after a wait (ms) in which their requests may still arrive. */
  readonly onResolving: (rows: number, waitMs: number) => void
}

/**
 * Finds out what became of unresolved rows. Nothing is in flight any more; one `--timeout` after the last of them was
 * given up the account is listed: who is there was created by us, since nobody was there before the run. Who is absent
 * is looked for once more after another `--timeout` (docs/contract.md#each-row-once). What is found out is written into
 * the run that sent the row. Takes from `unresolved` what was resolved; a row stays where the account cannot be read.
 *
 * @returns the rows that are certainly not there, and may be sent again
 */
export async function resolveRows(
  options: ResolveOptions,
  unresolved: Unresolved[],
  onEnd: (end: 'created' | 'skipped') => void,
): Promise<readonly ImportRow[]> {
  await lookFor(options, unresolved, onEnd)
  if (unresolved.length === 0) return []
  await lookFor(options, unresolved, onEnd)
  const missing = unresolved.splice(0).map(({ row }) => row)
  // In the journal they are not under way until they are intended again.
  const at = options.now()
  const ours = missing.filter(({ hash }) => !options.earlier.open.has(hash))
  if (ours.length > 0) await options.run.conclude(ours.map(({ item }) => ({ item, at, outcome: 'notSent' })))
  for (const row of missing) await concludeEarlier(options, row, { outcome: 'notSent' })
  return missing
}

/** Looks once at the account, no sooner than one time-out after the last request was given up. */
async function lookFor(
  options: ResolveOptions,
  unresolved: Unresolved[],
  onEnd: (end: 'created' | 'skipped') => void,
): Promise<void> {
  const { client, signal, now, sleep, timeoutMs } = options
  const last = unresolved.reduce((latest, { at }) => Math.max(latest, at), 0)
  // A time from the journal may lie ahead, where the clock was wrong: nothing is in flight longer than one time-out.
  const waitMs = Math.min(timeoutMs, Math.max(0, last + timeoutMs - now()))
  options.onResolving(unresolved.length, waitMs)
  if (waitMs > 0) await sleep(waitMs, signal)
  const rows = unresolved.splice(0)
  let resolved = 0
  try {
    const found = await findByEmail(client, new Set(rows.map(({ row }) => row.email)))
    const at = now()
    for (const { row } of rows) {
      // Before its outcome is written: where that fails, the row was counted all the same.
      resolved += 1
      const customers = found.get(row.email)
      if (customers === undefined) unresolved.push({ row, at })
      else await concludeFound(options, row, customers, onEnd)
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

/** Who has the e-mail now and had not before the run is ours when the names are; else somebody else made it. */
async function concludeFound(
  options: ResolveOptions,
  row: ImportRow,
  customers: readonly Customer[],
  onEnd: (end: 'created' | 'skipped') => void,
): Promise<void> {
  const { firstname, lastname } = row.customer
  const ours = customers.find((one) => one.firstname === firstname && one.lastname === lastname)
  const outcome =
    ours === undefined
      ? ({ outcome: 'skipped' } as const)
      : ({ outcome: 'created', id: ours.id, fingerprint: fingerprintIfWhole(ours) } as const)
  const earlier = options.earlier.open.has(row.hash)
  // Before the journal: if that fails, the summary still says what was found out.
  onEnd(earlier ? 'skipped' : outcome.outcome)
  if (earlier) await concludeEarlier(options, row, outcome)
  else await options.run.conclude([{ item: row.item, at: options.now(), ...outcome }])
}

/**
 * Writes an outcome into the earlier runs that sent the row, if any. Where several did, what was created is the last
 * one's: no two runs create the same customer.
 */
async function concludeEarlier(
  { earlier, now }: ResolveOptions,
  row: ImportRow,
  outcome: Pick<Outcome, 'outcome' | 'id' | 'fingerprint'>,
): Promise<void> {
  const open = earlier.open.get(row.hash) ?? []
  earlier.open.delete(row.hash)
  const [last, ...others] = [...open].sort((a, b) => b.at - a.at)
  if (last === undefined) return
  await earlier.conclude(last, { item: last.item, at: now(), ...outcome })
  const rest = outcome.outcome === 'created' ? { outcome: 'skipped' as const } : outcome
  for (const one of others) await earlier.conclude(one, { item: one.item, at: now(), ...rest })
}
