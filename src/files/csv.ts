import { CsvError, parse } from 'csv-parse'
import { CliError } from '../errors.ts'
import { inBatches, longestLine } from './text.ts'

/** A row of a CSV and the line on which it begins. */
export interface CsvRow {
  readonly cells: readonly string[]
  readonly line: number
}

/**
 * The rows of a CSV (RFC 4180, as spreadsheets write it: quotes, quoted line breaks, any line ends), the header first,
 * each cell as it stands there, in batches (see `inBatches`). Rows without any text are left out. `delimiter` is one
 * character, no quote and no line end. Throws `usage` naming line and cell for what is not CSV, and for a row longer
 * than `longestLine`, once the rows before it were handed on.
 *
 * csv-parse reads the cells. Lines are counted here: it counts a quoted `\r\n` as two, and does not say where a row
 * began.
 */
export async function* csvRows(
  texts: AsyncIterable<string>,
  name: string,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[]> {
  let rows: CsvRow[] = []
  /** Of the row that is being read, blank lines before it not counted. */
  let line = 1
  let blankLines = 0
  /** The bytes behind the last row, as latin1, and where they begin: they tell where in the row an error stands. */
  let open = ''
  let openStart = 0

  const tooLong = (): CliError => brokenCsv(name, line, `it is longer than ${longestLine} characters`)

  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    // Nothing goes through the stream that csv-parse is: it would cost more than the parsing.
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

  /** Says where in the row csv-parse has stopped, and why. */
  function located(error: unknown): unknown {
    if (!(error instanceof CsvError)) return error
    const row = open.replace(/^[\r\n]+/, '')
    const skipped = open.length - row.length
    // csv-parse tells where the last finished cell ends: of this row, unless it has none.
    const end = Number(error.bytes) - openStart - skipped
    const cell = end <= 0 ? row : row.slice(end + Buffer.byteLength(delimiter))
    const at = line + Number(error.empty_lines) - blankLines + breaksIn(row.slice(0, Math.max(0, end)))
    const number = Number(error.column) + 1
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      return brokenCsv(name, at, `a quote is opened in cell ${number} and not closed`)
    if (error.code === 'CSV_INVALID_CLOSING_QUOTE') {
      const quoted = /^"[^"]*(?:""[^"]*)*/.exec(cell)?.[0] ?? ''
      return brokenCsv(name, at + breaksIn(quoted), `something follows the closing quote of cell ${number}`)
    }
    return brokenCsv(name, at, `a quote stands inside of cell ${number}, which is not quoted`)
  }

  async function* read(step: (done: (error?: unknown) => void) => void): AsyncGenerator<readonly CsvRow[]> {
    const error = await new Promise<unknown>(step)
    yield* inBatches<CsvRow>((into) => {
      for (const row of rows) into.push(row)
      rows = []
      if (error) throw located(error)
    })
  }

  // Every step is told of its error itself.
  parser.on('error', () => undefined)
  try {
    let endedInReturn = false
    for await (const text of texts) {
      // csv-parse is slow with blank lines, of which a file can have millions at its end.
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
      // Until its end it is not known how many of its quotes are text.
      if (open.length > 2 * longestLine && Buffer.from(open, 'latin1').toString().length > 2 * longestLine)
        throw tooLong()
    }
    yield* read((done) => parser.once('error', done).end(done))
  } finally {
    parser.destroy()
  }
}

/**
 * As `csvRows`, but throws `usage` for a row with more or fewer cells than the header: with a comma that should have
 * been quoted, a cell would pass for its neighbour.
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
        if (problem !== undefined) throw brokenCsv(name, row.line, `it ${problem}`)
        fitting.push(row)
      }
    })
  }
}

/** What is wrong with a row's number of cells, in words that follow "it" or "line 3". */
export function raggedness(cells: number, width: number): string | undefined {
  return cells === width ? undefined : `has ${cells} cells where the header has ${width}`
}

function breaksIn(text: string): number {
  return /[\r\n]/.test(text) ? text.split(/\r\n|\n|\r/).length - 1 : 0
}

/** The error of a line that is not CSV. */
function brokenCsv(name: string, line: number, why: string): CliError {
  return new CliError('usage', `${name}, line ${line} is not as CSV should be: ${why}`, {
    hint: 'nothing was done; mend the line and try again',
  })
}
