import { diskError } from '../storage/errors.ts'
import { createLineAt, lastLine } from '../storage/lines.ts'
import { isLocked } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { createTextSet, grown } from '../text-set.ts'
import { lockPath, openRunFile, type RunFile, runLines, withRunFile } from './file.ts'
import { type Intent, isDone, type Outcome, parseEntry, type RunHeader } from './records.ts'

/** One item of a run: its last intent, and the last outcome after that. */
export interface RunItem {
  readonly item: string
  /** Undefined if nothing was sent for it. */
  readonly intent: Intent | undefined
  /** Undefined if it is unknown: the process ended before the response. */
  readonly outcome: Outcome | undefined
}

/** A run and all its items, in the order of their first entries. */
export interface RunRecord {
  readonly header: RunHeader
  /** Its personal data was erased: it cannot be undone. */
  readonly forgotten: boolean
  readonly items: ReadonlyMap<string, RunItem>
}

/** The summary of a run. */
export interface RunSummary
  extends Pick<RunHeader, 'run' | 'when' | 'who' | 'command' | 'identity' | 'key' | 'undoes'> {
  readonly items: number
  /** Items that succeeded, including those already deleted or already there. */
  readonly done: number
  /** In progress: a running process holds its lock, or one on another machine may. */
  readonly running: boolean
  /** All its personal data was erased. */
  readonly forgotten: boolean
}

/**
 * The header of a run, without its items.
 * @throws CliError `not_found` if there is no such run · `local_error` if it is damaged or too new
 */
export function readRunHeader(folder: string, id: string): Promise<Omit<RunRecord, 'items'>> {
  return withRunFile(folder, id, readHead)
}

/**
 * Reads a whole run into memory; only for runs that are known to be small.
 * @throws CliError as `readRunHeader`
 */
export async function readRun(folder: string, id: string): Promise<RunRecord> {
  const head = await readRunHeader(folder, id)
  const items = new Map<string, RunItem>()
  for await (const one of runItems(folder, id)) items.set(one.item, one)
  return { ...head, items }
}

/**
 * Summarises a run. Of a closed run, only the start and the end are read; a run that is in progress, or whose process
 * was killed, is read completely.
 * @throws CliError as `readRunHeader`
 */
export async function summariseRun(
  folder: string,
  id: string,
  owner: Pick<Owner, 'host'>,
): Promise<RunSummary> {
  return withRunFile(folder, id, async (open) => {
    const { header, forgotten } = await readHead(open)
    const { run, when, who, command, identity, key, undoes } = header
    const last = await lastLine(open.file).catch((error: unknown) => {
      throw diskError('read', open.path, error)
    })
    const end = parseEntry(last ?? '')
    const { items, done } = end?.type === 'end' ? end : (await indexRun(open)).tally.counts()
    const running = await isLocked(lockPath(folder, id), owner)
    return { run, when, who, command, identity, key, undoes, items, done, running, forgotten }
  })
}

/** Reads little more than two lines: the second one says whether the personal data was erased. */
async function readHead(run: RunFile): Promise<Omit<RunRecord, 'items'>> {
  const head: { readonly type: string }[] = []
  for await (const lines of runLines(run, 4096)) {
    head.push(...lines.map(({ entry }) => entry))
    if (head.length > 1) break
  }
  // `runLines` throws if the first line is not a header.
  return { header: head[0] as RunHeader, forgotten: head[1]?.type === 'forgotten' }
}

/**
 * Yields each item of a run once, with its last outcome, in the order of their first entries. The file is read twice:
 * to index where each item's last lines are (about 60 bytes per item), and to read those lines. Lines that are appended
 * meanwhile are ignored.
 * @throws CliError as `readRunHeader`; if the run is damaged, before the first item
 */
export async function* runItems(folder: string, id: string): AsyncGenerator<RunItem> {
  const run = await openRunFile(folder, id)
  try {
    const { intents, outcomes, tally } = await indexRun(run)
    // Outcomes are further on in the file than their intents, so each has its own read window.
    const readIntent = createReader(run, 'intent')
    const readOutcome = createReader(run, 'outcome')
    for (let number = 0; number < tally.counts().items; number++) {
      const intent = await readIntent(intents[number])
      const outcome = await readOutcome(outcomes[number])
      const item = (intent ?? outcome)?.item
      if (item !== undefined) yield { item, intent, outcome }
    }
  } finally {
    await run.file.close()
  }
}

/** The byte offsets of each item's last lines, by the item's number in the tally; -1 if it has none. */
export interface RunIndex {
  readonly forgotten: boolean
  readonly header: RunHeader | undefined
  readonly intents: readonly number[]
  readonly outcomes: readonly number[]
  readonly tally: Tally
}

/** Reads a whole run, and keeps only counts and offsets. */
export async function indexRun(run: RunFile): Promise<RunIndex> {
  const intents: number[] = []
  const outcomes: number[] = []
  const tally = createTally()
  let header: RunHeader | undefined
  let forgotten = false
  const put = (list: number[], number: number, start: number): void => {
    // Filled with numbers: an array with holes or mixed types takes several times the memory.
    while (list.length <= number) list.push(-1)
    list[number] = start
  }
  for await (const block of runLines(run)) {
    for (const { entry, start } of block) {
      if (entry.type === 'intent') {
        const number = tally.add(entry.item)
        put(intents, number, start)
        // Earlier outcomes do not apply to a new intent.
        put(outcomes, number, -1)
      } else if (entry.type === 'outcome') put(outcomes, tally.conclude(entry), start)
      else if (entry.type === 'run') header = entry
      else forgotten ||= entry.type === 'forgotten'
    }
  }
  return { forgotten, header, intents, outcomes, tally }
}

function createReader<Type extends 'intent' | 'outcome'>({ file, path }: RunFile, type: Type) {
  const lineAt = createLineAt(file)
  return async (start = -1) => {
    if (start < 0) return undefined
    const text = await lineAt(start).catch((error: unknown) => {
      throw diskError('read', path, error)
    })
    const entry = parseEntry(text)
    if (entry?.type !== type) return undefined
    const { type: _, ...rest } = entry
    return rest as Type extends 'intent' ? Intent : Outcome
  }
}

/** Counts the distinct items of a run, and those whose last outcome is a success. */
export interface Tally {
  /**
   * Records an intent: the item is not done until it is concluded again. Returns the item's number, from 0, in the order
   * of first entries.
   */
  add(item: string): number
  /** Records an outcome. Returns the item's number, as `add` does. */
  conclude(outcome: Outcome): number
  counts(): { readonly items: number; readonly done: number }
}

export function createTally(): Tally {
  const items = createTextSet()
  // One byte per item; an array would take eight.
  let flags = new Uint8Array(1024)
  let done = 0
  const mark = (item: string, flag: 0 | 1): number => {
    const number = items.numberOf(item)
    if (number >= flags.length) flags = grown(flags, (length) => new Uint8Array(length))
    done += flag - (flags[number] ?? 0)
    flags[number] = flag
    return number
  }
  return {
    add: (item) => mark(item, 0),
    conclude: (outcome) => mark(outcome.item, isDone(outcome) ? 1 : 0),
    counts: () => ({ items: items.size, done }),
  }
}
