import { listRuns, type RunSummary } from '../journal/list.ts'
import { runItems } from '../journal/read.ts'
import type { Outcome } from '../journal/records.ts'
import { type OpenRun, reopenRun } from '../journal/run.ts'
import type { Owner } from '../storage/process.ts'
import { createTextSet } from '../text-set.ts'

/** A row that an earlier import may have sent: its intent has no outcome. */
export interface OpenRow {
  readonly run: string
  readonly item: string
  /** When its intent was written, in epoch ms. */
  readonly at: number
}

/** What earlier imports into the same place left behind. */
export interface Earlier {
  /** Rows of unknown outcome, by their hash. */
  readonly open: Map<string, readonly OpenRow[]>
  /** Hashes of the rows that they created; empty unless asked for. */
  readonly created: { has(hash: string): boolean }
  /** Writes what was found out into the run that sent the row. */
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
      const again = reopened.get(run) ?? reopenRun({ folder, run, owner, now })
      reopened.set(run, again)
      await (await again).conclude([{ ...outcome, item }])
    },
    async close() {
      for (const run of reopened.values()) await (await run).close()
    },
  }
}
