import type { Customer } from '../api/customer.ts'
import { fingerprintIfWhole } from '../customers/fingerprint.ts'
import type { Outcome } from '../journal/records.ts'
import { findByEmail } from './account.ts'
import type { ImportRow } from './import-row.ts'
import type { ImportOptions } from './importing.ts'
import type { Aside, Sender, SenderOptions } from './sender.ts'

/** How often rows are sent again whose first request never arrived, each time looked for like the first. */
const rounds = 3

/**
 * Finds out what became of the rows that were set aside. Nothing is in flight any more; one `--timeout` after the
 * last of them was given up the account is listed: who is there was created by us, since nobody was there before the
 * run. Who is absent is looked for once more after another `--timeout`, and only then sent again
 * (docs/contract.md#each-row-once). Where existing e-mails are allowed they prove nothing, and all of them stay
 * undecided. What it finds out is written into the run that sent it. What cannot be decided stays in `sender.aside`.
 */
export async function settle(
  options: ImportOptions,
  sender: Sender,
  onEnd: SenderOptions['onEnd'],
  sendAgain: (rows: readonly ImportRow[]) => Promise<void>,
): Promise<void> {
  if (options.allowExisting) return
  for (let round = 1; round <= rounds && sender.aside.length > 0 && sender.stopped === undefined; round++) {
    await look(options, sender, onEnd)
    if (sender.aside.length === 0) return
    await look(options, sender, onEnd)
    const missing = sender.aside.splice(0)
    // Until they are intended again, nothing of them is under way.
    const at = options.now()
    const ours = missing.filter(({ row }) => !options.earlier.open.has(row.hash))
    if (ours.length > 0)
      await options.run.conclude(ours.map(({ row }) => ({ item: row.item, at, outcome: 'notSent' })))
    for (const { row } of missing) await tellEarlier(options, row, { outcome: 'notSent' })
    await sendAgain(missing.map(({ row }) => row))
  }
}

/** One look at the account, no sooner than one time-out after the last request was given up. */
async function look(options: ImportOptions, sender: Sender, onEnd: SenderOptions['onEnd']): Promise<void> {
  const { client, signal, now, sleep, timeoutMs } = options
  const given = sender.aside.reduce((latest, { at }) => Math.max(latest, at), 0)
  // A time from the journal may lie ahead, where the clock was wrong: nothing is in flight longer than one time-out.
  const waitMs = Math.min(timeoutMs, Math.max(0, given + timeoutMs - now()))
  options.onEvent({ type: 'settling', rows: sender.aside.length, waitMs })
  if (waitMs > 0) await sleep(waitMs, signal)
  const rows = sender.aside.splice(0)
  let decided = 0
  try {
    const found = await findByEmail(client, new Set(rows.map(({ row }) => row.email)))
    const at = now()
    for (const one of rows) {
      // Before its outcome is written: where that fails, the row was counted all the same.
      decided += 1
      const customers = found.get(one.row.email)
      if (customers === undefined) sender.aside.push({ ...one, at })
      else await decide(options, one, customers, onEnd)
    }
  } finally {
    // Where the account could not be read, what was not decided stays set aside.
    for (const one of rows.slice(decided)) sender.aside.push(one)
  }
}

/** Who has the e-mail now and had not before the run is ours when the names are; else somebody else made it. */
async function decide(
  options: ImportOptions,
  { row }: Aside,
  customers: readonly Customer[],
  onEnd: SenderOptions['onEnd'],
): Promise<void> {
  const { firstname, lastname } = row.customer
  const ours = customers.find((one) => one.firstname === firstname && one.lastname === lastname)
  const outcome =
    ours === undefined
      ? ({ outcome: 'skipped' } as const)
      : ({ outcome: 'created', id: ours.id, fingerprint: fingerprintIfWhole(ours) } as const)
  const earlier = options.earlier.open.has(row.hash)
  // Before the journal is told: if that fails, the summary still says what was found out.
  onEnd(row, earlier ? 'skipped' : outcome.outcome)
  if (earlier) await tellEarlier(options, row, outcome)
  else await options.run.conclude([{ item: row.item, at: options.now(), ...outcome }])
}

/**
 * Writes an outcome into the earlier runs that sent the row, if any. Where several did, what was created is the last
 * one's: no two runs create the same customer.
 */
async function tellEarlier(
  { earlier, now }: ImportOptions,
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
