import { brokenCsv, type CsvRow, createCsvReader } from './csv-reader.ts'
import { inBlocks } from './in-blocks.ts'

/**
 * The rows of a CSV (RFC 4180, as spreadsheets write it: quotes, quoted line breaks, any line ends), the header first,
 * each cell as it stands there, in blocks (see `inBlocks`). Rows without any text are left out. `delimiter` is one
 * character, no quote and no line end. Throws `usage` naming line and cell for what is no CSV, and for a row longer
 * than `longestLine`, once the rows before it were handed on.
 */
export async function* csvRows(
  texts: AsyncIterable<string>,
  name: string,
  delimiter: string,
): AsyncGenerator<readonly CsvRow[]> {
  const reader = createCsvReader(name, delimiter)
  for await (const text of texts) yield* inBlocks<CsvRow>((rows) => reader.push(text, rows))
  yield* inBlocks<CsvRow>((rows) => reader.end(rows))
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
    yield* inBlocks<CsvRow>((fitting) => {
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
