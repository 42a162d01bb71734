import type { Sink } from '../world.ts'
import { batches } from './batches.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import type { Layout, Writer } from './layout.ts'
import { ndjson } from './ndjson.ts'
import type { Many, Result } from './result.ts'
import { tsv } from './tsv.ts'

export type Format = 'default' | 'json' | 'ndjson' | 'csv'

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

/** Every format there is. The table is fetched when a terminal wants one: what draws it is slow to load. */
const layouts: Record<Exclude<Format, 'default'> | 'plain' | 'table', () => Layout | Promise<Layout>> = {
  json: () => json,
  ndjson: () => ndjson,
  csv: () => csv,
  plain: () => tsv,
  table: async () => (await import('./table.ts')).table,
}

/** Prints results on stdout in the format that was asked for (docs/contract.md#streams-and-formats). */
export function createPrinter(options: PrinterOptions): Printer {
  const { stdout, fields, excelSafe = false, colour } = options
  const terminal = stdout.isTTY
  const format = options.format === 'default' ? (terminal ? 'table' : 'plain') : options.format
  const write = async (text: string): Promise<void> => {
    if (text !== '') await stdout.write(text)
  }
  return {
    async print(result) {
      const layout = await layouts[format]()
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
