import type { Sink } from '../world.ts'
import { csv, tsv } from './delimited.ts'
import { json, ndjson } from './json.ts'
import type { Layout, Many, Result, Serialiser, Writer } from './result.ts'

/** The formats for stdout and files. */
const layouts = { csv, json, ndjson }
export type FileFormat = keyof typeof layouts

/** `default` is a table on a terminal, else tab-separated values. */
export type Format = FileFormat | 'table' | 'default'

/** The table is loaded only if needed: its libraries are slow to load. */
async function layoutOf(format: Format, terminal: boolean): Promise<Layout> {
  if (format !== 'default' && format !== 'table') return layouts[format]
  return terminal || format === 'table' ? (await import('./table.ts')).table : tsv
}

export interface PrinterOptions {
  readonly stdout: Sink
  readonly format: Format
  readonly fields?: readonly string[] | undefined
  readonly excelSafe?: boolean | undefined
  readonly delimiter?: string | undefined
  readonly colour: boolean
  /** The width of a table if stdout has none: 80 by default. */
  readonly columns?: number | undefined
  /** Whether the customers are shown before a change. */
  readonly preview?: boolean | undefined
  /** Resolves on the next turn of the event loop. */
  pause(): Promise<void>
}

export interface Printer {
  /**
   * Resolves when everything is written. Throws what the records throw, after closing the JSON document, and what
   * stdout throws, after ending the iteration of the records.
   */
  print(result: Result): Promise<void>
}

/**
 * Serialises customers for a file, as `--csv`, `--ndjson` and `--json` do for a pipe. JSON is a plain array.
 */
export function createSerialiser(
  format: FileFormat,
  options: {
    readonly fields?: readonly string[] | undefined
    readonly excelSafe?: boolean | undefined
    readonly delimiter?: string | undefined
  } = {},
): Serialiser {
  const { fields, excelSafe = false, delimiter } = options
  return layouts[format]({ terminal: false, columns: 80, colour: false, fields, excelSafe, delimiter }).many()
}

/** Prints results on stdout in the requested format (docs/contract.md#streams-and-formats). */
export function createPrinter(options: PrinterOptions): Printer {
  const { stdout, fields, excelSafe = false, delimiter, colour, preview } = options
  const terminal = stdout.isTTY
  const write = async (text: string): Promise<void> => {
    if (text !== '') await stdout.write(text)
  }
  return {
    async print(result) {
      const layout = await layoutOf(options.format, terminal)
      const writer = layout({
        terminal,
        // Asked for when rows are drawn, since the terminal may be resized before; 0 or undefined if it is unknown.
        get columns() {
          return stdout.columns || options.columns || 80
        },
        colour,
        fields,
        excelSafe,
        delimiter,
        preview,
      })
      if (result.kind === 'one') await write(writer.one(result.record))
      else if (result.kind === 'report') await write(writer.report(result))
      else await printMany(result, writer, write, options.pause)
    },
  }
}

async function printMany(
  { records, pageInfo, readEnough }: Many,
  writer: Writer,
  write: (text: string) => Promise<void>,
  pause: () => Promise<void>,
): Promise<void> {
  const serialiser = writer.many(pageInfo)
  const { firstRows } = serialiser
  const until = readEnough ?? new Promise<void>(() => undefined)
  const first = firstRows && Symbol.asyncIterator in records ? { most: firstRows, until } : undefined
  let started = false
  let writing = false
  const put = async (text: string): Promise<void> => {
    const whole = started ? text : serialiser.begin() + text
    started = true
    writing = true
    await write(whole)
    writing = false
  }
  try {
    for await (const { batch, last } of batches(records, pause, first))
      await put(serialiser.records(batch, last))
  } catch (error) {
    // If stdout failed, nothing more can be written. A listing that fails before its first record prints nothing,
    // unless it has a cursor to continue from.
    const worthClosing = started || (pageInfo !== undefined && pageInfo().nextCursor !== null)
    // The first error is the one to throw.
    if (!writing && worthClosing) await put(serialiser.end()).catch(() => undefined)
    throw error
  }
  await put(serialiser.end())
}

/** The most records per write, which bounds the memory while the reader is slow. */
const most = 1_000

/**
 * Batches records that arrive together, such as a page, and yields a batch as soon as no more follow immediately, so
 * that the first rows appear with the first page; `last` if the source has ended by then. An error of the source is
 * thrown after the records before it. Leaving the iteration ends the source, which aborts the request for the next page.
 * @param pause resolves on the next turn of the event loop
 * @param first waits with the first batch for `most` records, `until` or the end, however late they arrive
 */
export async function* batches<T>(
  records: AsyncIterable<T> | Iterable<T>,
  pause: () => Promise<void>,
  first?: { readonly most: number; readonly until: Promise<void> },
): AsyncGenerator<{ batch: T[]; last: boolean }> {
  const source = iteratorOf(records)
  let next = source.next()
  let running = false
  let waiting = first
  try {
    for (;;) {
      running = false
      const step = await next
      if (step.done === true) return
      running = true
      const batch = [step.value]
      // A turn after enough was read, since the records of one page arrive in one.
      const turn = waiting?.until.then(pause) ?? pause()
      // Wrapped in an object, since an async function would await a returned promise.
      const gathered = await gather(batch, source, { turn, limit: waiting?.most ?? most, pause })
      waiting = undefined
      next = gathered.step
      yield { batch, last: gathered.ended }
    }
  } finally {
    // A pending page may take long: the source is ended, but waited for only one turn.
    if (running) await Promise.race([source.return?.().catch(() => undefined), pause()])
  }
}

/**
 * Adds the records that arrive before `turn` to `batch`, up to `limit` in all; returns the next step of the source, and if
 * it has ended.
 */
async function gather<T>(
  batch: T[],
  source: AsyncIterator<T>,
  {
    turn,
    limit,
    pause,
  }: { readonly turn: Promise<void>; readonly limit: number; readonly pause: () => Promise<void> },
): Promise<{ step: Promise<IteratorResult<T>>; ended: boolean }> {
  for (;;) {
    const step = source.next()
    const isFull = batch.length >= limit
    // Also after the last record that counts: it may be the last one of all.
    const arrived = await Promise.race([step, isFull ? pause() : turn]).catch(() => undefined)
    if (isFull || arrived === undefined || arrived.done === true) {
      // Awaited after the batch is written; until then a rejection must not count as unhandled.
      step.catch(() => undefined)
      return { step, ended: arrived?.done === true }
    }
    batch.push(arrived.value)
  }
}

function iteratorOf<T>(records: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in records) return records[Symbol.asyncIterator]()
  const iterator = records[Symbol.iterator]()
  return {
    next: async () => iterator.next(),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  }
}
