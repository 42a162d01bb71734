import { CsvError, parse } from 'csv-parse'
import type { CliError } from '../errors.ts'
import { badLine, inBatches, longestLine } from './text.ts'

/** A row of a CSV and the line on which it starts. */
export interface CsvRow {
  readonly cells: readonly string[]
  readonly line: number
  /** Why its cells cannot be trusted, phrased to follow "line 3"; undefined if they can. */
  readonly problem?: string
}

export interface CsvOptions {
  /** One character, but not a quote or a line end. */
  readonly delimiter: string
  /** The line on which the text starts; 1 by default. */
  readonly firstLine?: number | undefined
  /** Whether blanks around cells, and before a quote that opens one, are removed; true by default. */
  readonly trim?: boolean
  /** Whether cells can be quoted; true by default. In a plain list a quote is a sign like any other. */
  readonly quoted?: boolean
}

/**
 * Yields the rows of a CSV as people have them: RFC 4180 and what spreadsheets make of it (any line ends, a quote inside
 * an unquoted cell is text, blanks before an opening quote are ignored), in batches (see `inBatches`). Rows without any
 * text, and lines drawn in a table, are skipped. A row with text after a closing quote has a `problem`. Throws `usage` with the line for a quote that is not
 * closed and for a row longer than `longestLine`, after the rows before it were yielded.
 *
 * csv-parse parses the cells. Lines are counted here: csv-parse counts a quoted `\r\n` as two lines, and does not report
 * where a row starts.
 */
export async function* csvRows(
  texts: AsyncIterable<string>,
  name: string,
  { delimiter, firstLine = 1, trim = true, quoted = true }: CsvOptions,
): AsyncGenerator<readonly CsvRow[]> {
  let rows: CsvRow[] = []
  /** The current row's line, not counting blank lines before it. */
  let line = firstLine
  let blankLines = 0
  /** The bytes after the last row, as latin1, and their offset: used to find where a quote was opened. */
  let open = ''
  let openStart = 0

  const tooLong = (): CliError => badLine(name, line, `is longer than ${longestLine} characters`)

  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    quote: quoted ? '"' : null,

    // Not `rtrim`: with it, text after a closing quote would end the reading.
    ltrim: trim,
    skip_empty_lines: true,
    // Collected here, not read from csv-parse's stream, which would cost more than the parsing.
    on_record(cells: string[], { bytes, empty_lines }) {
      line += empty_lines - blankLines
      blankLines = empty_lines
      let length = cells.length - 1
      let breaks = 0
      let misquoted: number | undefined
      for (let index = 0; index < cells.length; index++) {
        const cell = cells[index] ?? ''
        length += cell.length
        breaks += breaksIn(cell)
        if (!quoted || !cell.startsWith('"')) continue
        const inner = unquoted(cell, open.slice(0, bytes - openStart), trim)
        if (inner === undefined) misquoted ??= index
        else cells[index] = inner
      }
      if (length > longestLine) throw tooLong()
      if (misquoted !== undefined)
        rows.push({ cells, line, problem: `has text after the closing quote of cell ${misquoted + 1}` })
      else if (cells.some((cell) => hasText.test(cell)) && !isRuler(cells)) rows.push({ cells, line })
      line += breaks + 1
      open = open.slice(bytes - openStart)
      openStart = bytes
      return null
    },
  })

  /** Says where a quote was opened that is not closed, the only error of csv-parse with these options. */
  function located(error: unknown): unknown {
    if (!(error instanceof CsvError)) return error
    const row = open.replace(/^[\r\n]+/, '')
    // csv-parse reports the end of the last complete cell, which may belong to the row before.
    const end = Math.max(0, Number(error.bytes) - openStart - (open.length - row.length))
    const at = line + Number(error.empty_lines) - blankLines + breaksIn(row.slice(0, end))
    const cell = Number(error.column) + 1
    return badLine(name, at, `is not valid CSV: a quote is opened in cell ${cell} and not closed`)
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
 * The value of a cell that csv-parse returns with a quote at its start: it had one in quotes, or something followed the
 * closing quote. Undefined if that was text. `row` is the source of its row, as Latin-1.
 */
function unquoted(cell: string, row: string, trim: boolean): string | undefined {
  const whole = Buffer.from(`"${cell.replaceAll('"', '""')}"`).toString('latin1')
  if (row.includes(whole)) return cell
  return trim ? /^"([^"]*)"\s+$/.exec(cell)?.[1] : undefined
}

/** Old programs end a text with Ctrl-Z. */
const hasText = /[^\s\x1a]/

/** Whether a row is only a line drawn in a table, as databases print it: `----+----`. */
function isRuler(cells: readonly string[]): boolean {
  return cells.every((cell) => /^[\s+:=|_-]*$/.test(cell)) && cells.some((cell) => cell.includes('--'))
}

function breaksIn(text: string): number {
  return /[\r\n]/.test(text) ? text.split(/\r\n|\n|\r/).length - 1 : 0
}

/** The cells of one line of a CSV; good enough to find the header and the delimiter. */
export function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let from = 0
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const isQuote = line[at] === '"'
    if (!isQuote && (isQuoted || !line.startsWith(delimiter, at))) continue
    // In whole pieces, since a line can be megabytes long.
    cell += line.slice(from, at)
    from = at + (isQuote ? 1 : delimiter.length)
    if (!isQuote) {
      cells.push(cell.trim())
      cell = ''
    } else if (isQuoted || cell.trim() === '' || line[at - 1] === '"') isQuoted = !isQuoted
    else cell += '"'
  }
  return [...cells, (cell + line.slice(from)).trim()]
}

/** A line at the start of a CSV: its number, from 1, and where it starts; characters. */
export interface HeadLine {
  readonly text: string
  readonly number: number
  readonly offset: number
}

/** How many lines a heading row may have: headings can contain line breaks. */
const longestHeading = 4

/** The lines at the start of a CSV. One that ends inside a quoted cell is joined with the lines that follow. */
export function linesOfHead(head: string): HeadLine[] {
  const single: HeadLine[] = []
  for (const { 0: text, index } of head.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g))
    if (index < head.length) single.push({ text, number: single.length + 1, offset: index })
  const lines: HeadLine[] = []
  for (let at = 0; at < single.length; ) {
    const line = single[at]
    if (line === undefined) break
    const group = [line.text]
    while (
      group.join('').split('"').length % 2 === 0 &&
      group.length < longestHeading &&
      at + group.length < single.length
    )
      group.push(single[at + group.length]?.text ?? '')
    const isWhole = group.join('').split('"').length % 2 === 1
    const text = (isWhole ? group.join('') : line.text).replace(/[\r\n]+$/, '')
    lines.push({ ...line, text })
    at += isWhole ? group.length : 1
  }
  return lines
}
