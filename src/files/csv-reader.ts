import { CliError } from '../errors.ts'
import { createLineFinder } from './plain-lines.ts'
import { longestLine } from './text.ts'

/** A row of a CSV and the line on which it begins. */
export interface CsvRow {
  readonly cells: readonly string[]
  readonly line: number
}

const newline = 0x0a
const carriageReturn = 0x0d
const quote = 0x22

/** Takes a CSV piece by piece, wherever the pieces end. */
export interface CsvReader {
  /** Adds the rows that this piece of the text completes. */
  push(text: string, rows: CsvRow[]): void
  /** Adds the last row, where the text ends without a line end. */
  end(rows: CsvRow[]): void
}

/** Where in a cell the text stands: `closed` is behind a quote that may be its last, or the first of a pair. */
type Place = 'start' | 'plain' | 'quoted' | 'closed'

/**
 * Reads a CSV: see `csvRows`. Written by hand, since a million rows go through here twice: csv-parse takes eight times
 * as long, counts a quoted `\r\n` as two lines, and holds a row of nothing but commas whole, however long it is.
 * Rows without quotes, nearly all there are, are cut by the engine's own `split`; the rest is read sign by sign.
 */
export function createCsvReader(name: string, delimiter: string): CsvReader {
  const delimiterCode = delimiter.charCodeAt(0)
  let rows: CsvRow[] = []
  let cells: string[] = []
  let cell = ''
  let place: Place = 'start'
  /** Where the row begins, and how many line breaks its finished cells hold. */
  let line = 1
  let breaks = 0
  /** Of the finished cells and their delimiters; characters. */
  let length = 0
  /** The text so far ended in `\r`: a `\n` that follows belongs to it. */
  let splitReturn = false

  const fail = (why: string): CliError => brokenCsv(name, line + breaks, why)

  function checkLength(): void {
    if (length + cell.length > longestLine)
      throw brokenCsv(name, line, `it is longer than ${longestLine} characters`)
  }

  function endCell(): void {
    checkLength()
    if (place === 'closed') breaks += breaksIn(cell)
    length += cell.length + 1
    cells.push(cell)
    cell = ''
    place = 'start'
  }

  function endRow(): void {
    endCell()
    if (hasText(cells)) rows.push({ cells, line })
    line += breaks + 1
    cells = []
    breaks = 0
    length = 0
  }

  /** Skips blank lines, of which a file can have a billion. */
  function skipBlank(text: string, from: number): number {
    let at = from
    while (text.charCodeAt(at) === newline) at++
    line += at - from
    return at
  }

  /** Takes a row without quotes that ends at `end`; false where it is longer than a row may be. */
  function takePlain(text: string, at: number, end: number): boolean {
    const last = end > at && text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end
    if (last - at > longestLine) return false
    const split = text.slice(at, last).split(delimiter)
    if (hasText(split)) rows.push({ cells: split, line })
    line++
    return true
  }

  /** Each takes the text from `at` on as far as it can, and returns where it stopped. */
  const takers: Record<Place, (text: string, at: number) => number> = {
    start(text, at) {
      if (text.charCodeAt(at) !== quote) return takers.plain(text, at)
      place = 'quoted'
      return at + 1
    },
    plain(text, at) {
      let end = at
      while (end < text.length && !endsPlain(text.charCodeAt(end))) end++
      cell += text.slice(at, end)
      place = 'plain'
      if (end === text.length) return end
      if (text.charCodeAt(end) === quote)
        throw fail(`a quote stands inside of cell ${cells.length + 1}, which is not quoted`)
      return border(text, end)
    },
    quoted(text, at) {
      const end = text.indexOf('"', at)
      cell += text.slice(at, end < 0 ? text.length : end)
      if (end < 0) return text.length
      place = 'closed'
      return end + 1
    },
    closed(text, at) {
      const code = text.charCodeAt(at)
      if (code !== quote) {
        if (endsPlain(code)) return border(text, at)
        breaks += breaksIn(cell)
        throw fail(`something follows the closing quote of cell ${cells.length + 1}`)
      }
      cell += '"'
      place = 'quoted'
      return at + 1
    },
  }

  function endsPlain(code: number): boolean {
    return code === delimiterCode || code === newline || code === carriageReturn || code === quote
  }

  /** A delimiter or a line end stands at `at`. */
  function border(text: string, at: number): number {
    const code = text.charCodeAt(at)
    if (code === delimiterCode) {
      endCell()
      return at + 1
    }
    endRow()
    if (code === newline) return at + 1
    splitReturn = at + 1 === text.length
    return text.charCodeAt(at + 1) === newline ? at + 2 : at + 1
  }

  return {
    push(text, into) {
      rows = into
      const lineEnd = createLineFinder(text)
      let at = 0
      if (splitReturn && text !== '') {
        splitReturn = false
        if (text.charCodeAt(0) === newline) at = 1
      }
      while (at < text.length) {
        const betweenRows = place === 'start' && cells.length === 0
        if (betweenRows && text.charCodeAt(at) === newline) {
          at = skipBlank(text, at)
          continue
        }
        const end = betweenRows ? lineEnd(at) : -1
        at = end >= 0 && takePlain(text, at, end) ? end + 1 : takers[place](text, at)
      }
      checkLength()
    },
    end(into) {
      rows = into
      if (place === 'quoted') throw fail(`a quote is opened in cell ${cells.length + 1} and not closed`)
      if (cells.length > 0 || place !== 'start') endRow()
    },
  }
}

/** A row without any text is a blank line. */
function hasText(cells: readonly string[]): boolean {
  for (const cell of cells) if (cell.trim() !== '') return true
  return false
}

function breaksIn(cell: string): number {
  return cell.includes('\n') || cell.includes('\r') ? cell.split(/\r\n|\n|\r/).length - 1 : 0
}

/** The error of a line that is no CSV. */
export function brokenCsv(name: string, line: number, why: string): CliError {
  return new CliError('usage', `${name}, line ${line} is not as CSV should be: ${why}`, {
    hint: 'nothing was done; mend the line and try again',
  })
}
