import { CsvError, parse } from 'csv-parse'
import type { CliError } from '../errors.ts'
import { badLine, inBatches, longestLine } from './text.ts'

/** A row of a CSV and the line on which it starts. */
export interface CsvRow {
  readonly cells: readonly string[]
  readonly line: number
}

/**
 * Yields the rows of a CSV (RFC 4180, as spreadsheets write it: quotes, quoted line breaks, any line ends), the header
 * first, cells unchanged, in batches (see `inBatches`). Rows without any text are skipped. `delimiter` is one character,
 * but not a quote or a line end. Throws `usage` with the line and cell for invalid CSV, and for a row longer than
 * `longestLine`, after the rows before it were yielded.
 *
 * csv-parse parses the cells. Lines are counted here: csv-parse counts a quoted `\r\n` as two lines, and does not report
 * where a row starts.
 */
export async function* csvRows(
  texts: AsyncIterable<string>,
  name: string,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[]> {
  let rows: CsvRow[] = []
  /** The current row's line, not counting blank lines before it. */
  let line = 1
  let blankLines = 0
  /** The bytes after the last row, as latin1, and their offset: used to locate an error within the row. */
  let open = ''
  let openStart = 0

  const tooLong = (): CliError => badLine(name, line, `is longer than ${longestLine} characters`)

  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    // Collected here, not read from csv-parse's stream, which would cost more than the parsing.
    on_record(cells: string[], { bytes, empty_lines }) {
      line += empty_lines - blankLines
      blankLines = empty_lines
      let length = cells.length - 1
      let breaks = 0
      for (const cell of cells) {
        length += cell.length
        breaks += breaksIn(cell)
      }
      if (length > longestLine) throw tooLong()
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ cells, line })
      line += breaks + 1
      open = open.slice(bytes - openStart)
      openStart = bytes
      return null
    },
  })

  /** Adds the line and cell to an error of csv-parse. */
  function located(error: unknown): unknown {
    if (!(error instanceof CsvError)) return error
    const row = open.replace(/^[\r\n]+/, '')
    const skipped = open.length - row.length
    // csv-parse reports the end of the last complete cell, which may belong to the row before.
    const end = Number(error.bytes) - openStart - skipped
    const cell = end <= 0 ? row : row.slice(end + Buffer.byteLength(delimiter))
    const at = line + Number(error.empty_lines) - blankLines + breaksIn(row.slice(0, Math.max(0, end)))
    const number = Number(error.column) + 1
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      return invalidCsv(name, at, `a quote is opened in cell ${number} and not closed`)
    if (error.code === 'CSV_INVALID_CLOSING_QUOTE') {
      const quoted = /^"[^"]*(?:""[^"]*)*/.exec(cell)?.[0] ?? ''
      return invalidCsv(
        name,
        at + breaksIn(quoted),
        `there is text after the closing quote of cell ${number}`,
      )
    }
    return invalidCsv(name, at, `cell ${number} contains a quote but is not quoted`)
  }

  async function* read(step: (done: (error?: unknown) => void) => void): AsyncGenerator<readonly CsvRow[]> {
    const error = await new Promise<unknown>(step)
    yield* inBatches<CsvRow>((into) => {
      for (const row of rows) into.push(row)
      rows = []
      if (error) throw located(error)
    })
  }

  // Each call's callback gets its error.
  parser.on('error', () => undefined)
  try {
    let endedInReturn = false
    for await (const text of texts) {
      // csv-parse is slow with blank lines, and a file can end in millions of them.
      const blank = open === '' ? (/^[\r\n]+/.exec(text)?.[0] ?? '') : ''
      line += (endedInReturn ? blank.replace(/^\n/, '') : blank).replaceAll('\r\n', '\n').length
      endedInReturn = text.endsWith('\r')
      const bytes = Buffer.from(text.slice(blank.length))
      open += bytes.toString('latin1')
      yield* read((done) => parser.write(bytes, done))
      if (/^[\r\n]*$/.test(open)) {
        openStart += open.length
        open = ''
      }
      // Until the row ends, it is unknown which of its quotes are escaped and do not count: allow twice the length.
      if (open.length > 2 * longestLine && Buffer.from(open, 'latin1').toString().length > 2 * longestLine)
        throw tooLong()
    }
    yield* read((done) => parser.once('error', done).end(done))
  } finally {
    parser.destroy()
  }
}

/**
 * Like `csvRows`, but throws `usage` for a row with more or fewer cells than the header: an unquoted comma would shift
 * cells into the wrong columns.
 */
export async function* rowsOf(
  texts: AsyncIterable<string>,
  name: string,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[]> {
  let width: number | undefined
  for await (const rows of csvRows(texts, name, delimiter)) {
    yield* inBatches<CsvRow>((fitting) => {
      for (const row of rows) {
        width ??= row.cells.length
        const problem = raggedness(row.cells.length, width)
        if (problem !== undefined) throw badLine(name, row.line, problem)
        fitting.push(row)
      }
    })
  }
}

/** What is wrong with a row's number of cells, phrased to follow "line 3"; undefined if nothing is. */
export function raggedness(cells: number, width: number): string | undefined {
  return cells === width ? undefined : `has ${cells} cells where the header has ${width}`
}

function breaksIn(text: string): number {
  return /[\r\n]/.test(text) ? text.split(/\r\n|\n|\r/).length - 1 : 0
}

function invalidCsv(name: string, line: number, reason: string): CliError {
  return badLine(name, line, `is not valid CSV: ${reason}`)
}
