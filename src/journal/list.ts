import { CliError } from '../errors.ts'
import type { Owner } from '../storage/process.ts'
import { runIds } from './file.ts'
import { type RunItem, type RunSummary, runItems, summariseRun } from './read.ts'
import type { RunHeader } from './records.ts'

/**
 * All runs, the newest first; none where there is no folder.
 *
 * @param onDamage takes the error of a run that cannot be read; without it, it is thrown
 * @throws CliError `local_error` when the disk refuses, or for a damaged run
 */
export async function listRuns(
  folder: string,
  owner: Pick<Owner, 'host'>,
  onDamage?: (error: CliError) => void,
): Promise<RunSummary[]> {
  const summaries: RunSummary[] = []
  for (const id of await runIds(folder)) {
    try {
      summaries.push(await summariseRun(folder, id, owner))
    } catch (error) {
      // A reset removed it a moment ago.
      if (error instanceof CliError && error.code === 'not_found') continue
      if (!(error instanceof CliError && onDamage)) throw error
      onDamage(error)
    }
  }
  // Ids tell seconds only; two runs of one second are told apart by their headers.
  return summaries.sort((a, b) => Date.parse(b.when) - Date.parse(a.when))
}

/** What the undos of a run did about one customer. */
export type Undone =
  /** Taken back; a deleted customer has a new id now. */
  | { readonly state: 'undone'; readonly run: string; readonly newId: string | undefined }
  /** A request left and nobody knows what became of it. */
  | { readonly state: 'unknown'; readonly run: string }

/**
 * What became of the undos of a run so far, by the ids of the customers that it deleted or created. Read from the
 * undos' own runs: nothing is written into the run that they take back. A customer of whom nothing was sent, or whose
 * request was refused, is not in it, and can be undone still.
 *
 * @param onDamage takes the error of a run that cannot be read, which may be an undo of this one; without it, it is thrown
 */
export async function undoneBy(
  folder: string,
  run: string,
  owner: Pick<Owner, 'host'>,
  onDamage?: (error: CliError) => void,
): Promise<Map<string, Undone>> {
  const undone = new Map<string, Undone>()
  for (const undo of await listRuns(folder, owner, onDamage)) {
    if (undo.undoes !== run) continue
    for await (const item of runItems(folder, undo.run)) {
      const state = stateOf(item, undo.run)
      // A later try may have done what an earlier one did not; what is done once stays done.
      if (state !== undefined && undone.get(item.item)?.state !== 'undone') undone.set(item.item, state)
    }
  }
  return undone
}

function stateOf({ intent, outcome }: RunItem, run: string): Undone | undefined {
  if (outcome === undefined) return intent === undefined ? undefined : { state: 'unknown', run }
  if (outcome.outcome === 'created') return { state: 'undone', run, newId: outcome.newId }
  if (outcome.outcome === 'deleted' || outcome.outcome === 'notFound')
    return { state: 'undone', run, newId: undefined }
  const unknown = outcome.outcome === 'undecided' || outcome.code === 'ambiguous'
  return unknown ? { state: 'unknown', run } : undefined
}

/**
 * The other runs of one account that deleted a customer, by their ids: of several that tried, only one did. Where that
 * is not known of any, it was the latest, since each saw the record there just before.
 *
 * @param same whether a run is of the same account
 * @throws CliError for any run that cannot be read
 */
export async function deletedElsewhere(
  folder: string,
  run: Pick<RunHeader, 'run' | 'when'>,
  owner: Pick<Owner, 'host'>,
  same: (summary: RunSummary) => boolean,
): Promise<Map<string, string>> {
  const deleted = new Map<string, string>()
  for (const other of await listRuns(folder, owner)) {
    if (other.run === run.run || other.command === 'import' || !same(other)) continue
    for await (const { item, intent, outcome } of runItems(folder, other.run)) {
      const isOpen = intent?.record !== undefined && (outcome === undefined || outcome.code === 'ambiguous')
      if (outcome?.outcome === 'deleted' || (isOpen && other.when > run.when)) deleted.set(item, other.run)
    }
  }
  return deleted
}
