import type { Sink } from '../world.ts'
import { csv, tsv } from './delimited.ts'
import { json, ndjson } from './json.ts'
import type { Layout, Many, Result, Serialiser, Writer } from './result.ts'

/** The formats that can be asked for, on stdout and in files. */
const layouts = { csv, json, ndjson }
export type FileFormat = keyof typeof layouts

/** `default` is a table on a terminal, else tab-separated values. */
export type Format = FileFormat | 'default'

/** The table is fetched when a terminal wants one: what draws it is slow to load. */
async function layoutOf(format: Format, terminal: boolean): Promise<Layout> {
  if (format !== 'default') return layouts[format]
  return terminal ? (await import('./table.ts')).table : tsv
}

export interface PrinterOptions {
  readonly stdout: Sink
  readonly format: Format
  readonly fields?: readonly string[] | undefined
  readonly excelSafe?: boolean | undefined
  readonly colour: boolean
  /** Resolves on the next turn of the event loop. */
  pause(): Promise<void>
}

export interface Printer {
  /**
   * Resolves when stdout has taken everything. Throws what the records throw, after closing what was begun, and
   * what stdout throws, after ending the records.
   */
  print(result: Result): Promise<void>
}

/**
 * Turns batches of customers into the text of a file: what `--csv`, `--ndjson` and `--json` print into a pipe.
 * JSON is a bare array.
 */
export function createSerialiser(
  format: FileFormat,
  options: {
    readonly fields?: readonly string[] | undefined
    readonly excelSafe?: boolean | undefined
  } = {},
): Serialiser {
  const { fields, excelSafe = false } = options
  return layouts[format]({ terminal: false, columns: 80, colour: false, fields, excelSafe }).many()
}

/** Prints results on stdout in the format that was asked for (docs/contract.md#streams-and-formats). */
export function createPrinter(options: PrinterOptions): Printer {
  const { stdout, fields, excelSafe = false, colour } = options
  const terminal = stdout.isTTY
  const write = async (text: string): Promise<void> => {
    if (text !== '') await stdout.write(text)
  }
  return {
    async print(result) {
      const layout = await layoutOf(options.format, terminal)
      // Where nobody knows the width it is 0 or undefined.
      const columns = stdout.columns || 80
      const writer = layout({ terminal, columns, colour, fields, excelSafe })
      if (result.kind === 'one') await write(writer.one(result.record))
      else if (result.kind === 'report') await write(writer.report(result))
      else await printMany(result, writer, write, options.pause)
    },
  }
}

async function printMany(
  { records, ending }: Many,
  writer: Writer,
  write: (text: string) => Promise<void>,
  pause: () => Promise<void>,
): Promise<void> {
  const serialiser = writer.many(ending)
  let begun = false
  let writing = false
  const put = async (text: string): Promise<void> => {
    const whole = begun ? text : serialiser.begin() + text
    begun = true
    writing = true
    await write(whole)
    writing = false
  }
  try {
    for await (const batch of batches(records, pause)) await put(serialiser.records(batch))
  } catch (error) {
    // Where stdout itself failed there is nothing to close. A listing that failed before it began prints nothing,
    // unless it had read on to a cursor that is worth telling.
    const worthClosing = begun || (ending !== undefined && ending().nextCursor !== null)
    // The error that is thrown is the one that came first.
    if (!writing && worthClosing) await put(serialiser.end()).catch(() => undefined)
    throw error
  }
  await put(serialiser.end())
}

/** The most records that wait for one write, so that memory stays flat while the reader is slow. */
const most = 1_000

/**
 * Gathers what arrives together, such as a page, so that it is written at once, and as soon as nothing follows at
 * once: the first rows are on the screen when the first page is. What the source throws is thrown after what came
 * before it. Leaving early ends the source, which aborts the page that it asked for ahead.
 * @param pause resolves on the next turn of the event loop
 */
export async function* batches<T>(
  records: AsyncIterable<T> | Iterable<T>,
  pause: () => Promise<void>,
): AsyncGenerator<T[]> {
  const source = iteratorOf(records)
  let next = source.next()
  let running = false
  try {
    for (;;) {
      running = false
      const first = await next
      if (first.done === true) return
      running = true
      const batch = [first.value]
      // Wrapped: a promise that is returned from an async function would be waited for.
      next = (await gather(batch, source, pause())).step
      yield batch
    }
  } finally {
    // A page under way can take long, and leaving must not: the source is told, and given one turn.
    if (running) await Promise.race([source.return?.().catch(() => undefined), pause()])
  }
}

/** Adds to `batch` what comes before `turn`; gives the step it could not take, which is where the source stands. */
async function gather<T>(
  batch: T[],
  source: AsyncIterator<T>,
  turn: Promise<void>,
): Promise<{ step: Promise<IteratorResult<T>> }> {
  for (;;) {
    const step = source.next()
    const arrived = batch.length < most ? await Promise.race([step, turn]).catch(() => undefined) : undefined
    if (arrived === undefined || arrived.done === true) {
      // It is waited for when the batch is written; failing meanwhile is no unhandled rejection.
      step.catch(() => undefined)
      return { step }
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
