import { diskError } from '../storage/errors.ts'
import { createLineAt, lastLine } from '../storage/lines.ts'
import { isLocked } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { createTextSet } from '../text-set.ts'
import { lockPath, openRunFile, type RunFile, runLines, withRunFile } from './file.ts'
import { type Intent, isDone, type Outcome, parseEntry, type RunHeader } from './records.ts'

/** One item of a run: what was intended last, and what became of that (the last outcome behind it). */
export interface RunItem {
  readonly item: string
  /** Undefined where nothing was sent for it. */
  readonly intent: Intent | undefined
  /** Undefined where that is unknown: the process ended before the answer. */
  readonly outcome: Outcome | undefined
}

/** A run and all its items, in the order in which they were intended. */
export interface RunRecord {
  readonly header: RunHeader
  /** Its personal data was erased: it cannot be undone. */
  readonly forgotten: boolean
  readonly items: ReadonlyMap<string, RunItem>
}

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
 * The header of a run, without its items.
 *
 * @throws CliError `not_found` where there is no such run · `local_error` where it is damaged or too new
 */
export function readRunHeader(folder: string, id: string): Promise<Omit<RunRecord, 'items'>> {
  return withRunFile(folder, id, readHead)
}

/**
 * A run as one value, for those of which one knows that they are small.
 *
 * @throws CliError as `readRunHeader`
 */
export async function readRun(folder: string, id: string): Promise<RunRecord> {
  const head = await readRunHeader(folder, id)
  const items = new Map<string, RunItem>()
  for await (const one of runItems(folder, id)) items.set(one.item, one)
  return { ...head, items }
}

/**
 * One run in one line. Of a run that was closed only the beginning and the end are read; one that goes on, or whose
 * process was killed, is counted.
 *
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
    const end = parseEntry((await lastLine(open.path)) ?? '')
    const { items, done } = end?.type === 'end' ? end : (await indexRun(open)).tally.counts()
    const goingOn = await isLocked(lockPath(folder, id), owner)
    return { run, when, who, command, identity, key, undoes, items, done, goingOn, forgotten }
  })
}

/** The second line says whether the personal data was erased, so little more than two lines is read. */
async function readHead(run: RunFile): Promise<Omit<RunRecord, 'items'>> {
  const head: { readonly type: string }[] = []
  for await (const lines of runLines(run, 4096)) {
    head.push(...lines.map(({ entry }) => entry))
    if (head.length > 1) break
  }
  // The first line of a run is its header, or reading it has failed.
  return { header: head[0] as RunHeader, forgotten: head[1]?.type === 'forgotten' }
}

/**
 * The items of a run one after the other, each once and with its last outcome, in the order in which they first came.
 * The file is read twice: first only to learn where each item's last lines are (about 60 bytes an item), then those
 * lines. What is written meanwhile is left out.
 *
 * @throws CliError as `readRunHeader`; damage is met before the first item
 */
export async function* runItems(folder: string, id: string): AsyncGenerator<RunItem> {
  const run = await openRunFile(folder, id)
  try {
    const { intents, outcomes, tally } = await indexRun(run)
    // Outcomes follow their intents at a distance: each of the two walks through the file on its own.
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

/** Where the last lines of each item begin, by the item's number in the tally; -1 where it has none. */
export interface RunIndex {
  readonly forgotten: boolean
  readonly header: RunHeader | undefined
  readonly intents: readonly number[]
  readonly outcomes: readonly number[]
  readonly tally: Tally
}

/** Reads a run through, keeping counts and places only. */
export async function indexRun(run: RunFile): Promise<RunIndex> {
  const intents: number[] = []
  const outcomes: number[] = []
  const tally = createTally()
  let header: RunHeader | undefined
  let forgotten = false
  const put = (list: number[], number: number, start: number): void => {
    // Filled up with numbers: a list with holes, or of other things too, takes several times the memory.
    while (list.length <= number) list.push(-1)
    list[number] = start
  }
  for await (const block of runLines(run)) {
    for (const { entry, start } of block) {
      if (entry.type === 'intent') {
        const number = tally.add(entry.item)
        put(intents, number, start)
        // What was known before is not known of what is done now.
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

/** Counts the items of a run, each once, and those whose last outcome says that they are done. */
export interface Tally {
  /**
   * Something is about to be done to the item: until it is concluded again it is not done. Returns the item's number,
   * from 0, in the order in which items first came.
   */
  add(item: string): number
  /** As `add`, and what became of it. */
  conclude(outcome: Outcome): number
  counts(): { readonly items: number; readonly done: number }
}

export function createTally(): Tally {
  const items = createTextSet()
  // A byte an item: a list of numbers would take eight.
  let flags = new Uint8Array(1024)
  let done = 0
  const mark = (item: string, flag: 0 | 1): number => {
    const number = items.numberOf(item)
    if (number >= flags.length) {
      const longer = new Uint8Array(flags.length * 2)
      longer.set(flags)
      flags = longer
    }
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
