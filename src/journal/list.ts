import { CliError } from '../errors.ts'
import { lastLine } from '../storage/lines.ts'
import { isLocked } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { type RunFile, readHead, withRunFile } from './file.ts'
import { lockPath, runIds } from './place.ts'
import { indexRun } from './read.ts'
import { parseEntry, type RunHeader } from './records.ts'

/** A run in one line. */
export interface RunSummary
  extends Pick<RunHeader, 'run' | 'when' | 'who' | 'command' | 'identity' | 'key' | 'undoes'> {
  readonly items: number
  /** Items of which what was asked for is so: deleted or gone, created or there. */
  readonly done: number
  /** A living process writes it, or one on another machine may. */
  readonly goingOn: boolean
  /** All its personal data was erased. */
  readonly forgotten: boolean
}

/**
 * All runs, the newest first; none where there is no folder. Of a run that was
 * closed only the beginning and the end are read; one that goes on, or whose
 * process was killed, is counted.
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

/**
 * One run in one line.
 *
 * @throws CliError `not_found` where there is no such run · `local_error` where it is damaged
 */
export async function summariseRun(
  folder: string,
  id: string,
  owner: Pick<Owner, 'host'>,
): Promise<RunSummary> {
  const summary = await withRunFile(folder, id, (run) => summarise(run))
  return { ...summary, goingOn: await isLocked(lockPath(folder, id), owner) }
}

async function summarise(open: RunFile): Promise<Omit<RunSummary, 'goingOn'>> {
  const { header, forgotten } = await readHead(open)
  const { run, when, who, command, identity, key, undoes } = header
  return { run, when, who, command, identity, key, undoes, forgotten, ...(await countsOf(open)) }
}

async function countsOf(open: RunFile): Promise<{ items: number; done: number }> {
  const end = parseEntry((await lastLine(open.path)) ?? '')
  if (end?.type === 'end') return { items: end.items, done: end.done }
  const { tally } = await indexRun(open)
  return { items: tally.items(), done: tally.done() }
}
