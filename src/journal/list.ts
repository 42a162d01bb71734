import { CliError } from '../errors.ts'
import type { Owner } from '../storage/process.ts'
import { visible } from '../visible.ts'
import { runIds } from './file.ts'
import { type RunItem, type RunSummary, runItems, summariseRun } from './read.ts'
import type { RunHeader } from './records.ts'

/** How many runs are read at once: most of the time is spent waiting for the disk. */
const atOnce = 32

/**
 * All runs, newest first; empty if the folder is missing.
 * @param onDamage called with the error of a run that cannot be read; without it, the error is thrown
 * @throws CliError `local_error` if the disk fails, or for a damaged run
 */
export async function listRuns(
  folder: string,
  owner: Pick<Owner, 'host'>,
  onDamage?: (error: CliError, id: string) => void,
): Promise<RunSummary[]> {
  const summaries: RunSummary[] = []
  const ids = await runIds(folder)
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = ids.slice(start, start + atOnce)
    const settled = await Promise.allSettled(some.map((id) => summariseRun(folder, id, owner)))
    for (const [place, result] of settled.entries()) {
      if (result.status === 'fulfilled') {
        summaries.push(result.value)
        continue
      }
      const error: unknown = result.reason
      // A concurrent reset removed it.
      if (error instanceof CliError && error.code === 'not_found') continue
      if (!(error instanceof CliError && onDamage)) throw error
      onDamage(error, some[place] ?? '')
    }
  }
  // Ids have a resolution of seconds, headers of milliseconds.
  return summaries.sort((a, b) => Date.parse(b.when) - Date.parse(a.when))
}

/** What the undos of a run did with one customer. */
export type Undone =
  /** Undone; a deleted customer has a new id. */
  | { readonly state: 'undone'; readonly run: string; readonly newId: string | undefined }
  /** A request was sent and its outcome is unknown. */
  | { readonly state: 'unknown'; readonly run: string }

/**
 * The results of all undos of a run so far, by the id of the customer that it deleted or created. They are read from
 * the undos' own runs; the undone run is not changed. A customer whose request was not sent, or was refused, is not
 * included, and can still be undone.
 * @param onDamage called with the error of a run that cannot be read, which may be an undo of this one; without it, the
 * error is thrown
 */
export async function undoneBy(
  folder: string,
  run: string,
  owner: Pick<Owner, 'host'>,
  onDamage?: (error: CliError) => void,
): Promise<Map<string, Undone>> {
  const runs = await listRuns(folder, owner, onDamage)
  return undoneIn(
    folder,
    runs.filter(({ undoes }) => undoes === run),
  )
}

/** The results of these undos of a run, newest first, by the id of the customer that it deleted or created. */
export async function undoneIn(folder: string, undos: readonly RunSummary[]): Promise<Map<string, Undone>> {
  const undone = new Map<string, Undone>()
  for (const undo of undos) {
    for await (const item of runItems(folder, undo.run)) {
      const state = stateOf(item, undo.run)
      // Once undone, an unknown outcome of another undo does not matter.
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
 * The other runs of an account that deleted a customer, by the customer's id. If several runs tried and none has a
 * known outcome, the latest counts, since each read the record just before its attempt.
 * @param same whether a run is of the same account
 * @throws CliError if any run cannot be read
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
      const isUnknown =
        intent?.record !== undefined && (outcome === undefined || outcome.code === 'ambiguous')
      if (outcome?.outcome === 'deleted' || (isUnknown && other.when > run.when)) deleted.set(item, other.run)
    }
  }
  return deleted
}

/** The identity of a run as people see it: visible(), with LIVE in capitals. */
export function shownIdentity(identity: string): string {
  return visible(identity.replace(/^(\S+) live\b/, '$1 LIVE'))
}
