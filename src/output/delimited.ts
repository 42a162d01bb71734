import { documentedFields } from '../api/customer.ts'
import { visible } from '../visible.ts'
import { rowOf } from './cells.ts'
import type { Column, Layout, Report, View } from './result.ts'

/** Without this mark, Excel reads a UTF-8 file in the encoding of the machine. */
const byteOrderMark = '\ufeff'

/**
 * RFC 4180: a header row, CRLF, quotes if needed; with `excelSafe` a byte order mark before the header, except on a
 * terminal. Written by hand because csv-stringify takes three to four times as long, which matters for a million
 * customers.
 */
export const csv: Layout = (view) => {
  const fields = view.fields ?? documentedFields
  const lineOf = lineWriter(view)
  const headerOf = (titles: readonly string[]): string =>
    (view.excelSafe && !view.terminal ? byteOrderMark : '') + lineOf(titles)
  return {
    one: (record) => headerOf(fields) + lineOf(rowOf(record, fields)),
    many: () => ({
      begin: () => headerOf(fields),
      records: (batch) => batch.map((record) => lineOf(rowOf(record, fields))).join(''),
      end: () => '',
    }),
    report(shown) {
      const { rows } = shown
      const columns = columnsOf(shown)
      const lines = Array.from(rows, (row) => lineOf(columns.map(({ key }) => row[key] ?? '')))
      return headerOf(columns.map(({ key }) => key)) + lines.join('')
    },
  }
}

function columnsOf({ columns }: Report): readonly Column[] {
  return columns.filter(({ where }) => where !== 'table')
}

/** Cells that a spreadsheet would run as formulas (docs/contract.md#untrusted-text). */
const formula = /^[=+\-@\t\r]/
const quotesOrLines = /["\r\n]/

function lineWriter({ terminal, excelSafe, delimiter = ',' }: View): (cells: readonly string[]) => string {
  const written = (cell: string): string => {
    const guarded = excelSafe && formula.test(cell) ? `'${cell}` : cell
    const shown = terminal ? visible(guarded) : guarded
    return quotesOrLines.test(shown) || shown.includes(delimiter) ? `"${shown.replaceAll('"', '""')}"` : shown
  }
  return (cells) => {
    const line = cells.map(written).join(delimiter)
    // Most readers skip an empty line.
    return line === '' ? '""\r\n' : `${line}\r\n`
  }
}

/**
 * One record per line, tab-separated, no header: for `cut`, `awk` and `while read`. Tabs and newlines in values are
 * made visible like other control characters, so that they cannot break lines or columns.
 */
export const tsv: Layout = ({ fields }) => {
  const lineOf = (cells: readonly string[]): string => `${cells.map((cell) => visible(cell)).join('\t')}\n`
  return {
    one: (record) => lineOf(rowOf(record, fields)),
    many: () => ({
      begin: () => '',
      records: (batch) => batch.map((record) => lineOf(rowOf(record, fields))).join(''),
      end: () => '',
    }),
    report(shown) {
      const { rows, where } = shown
      if (where === 'terminal' || where === 'nowhere') return ''
      const columns = columnsOf(shown)
      return Array.from(rows, (row) => lineOf(columns.map(({ key }) => row[key] ?? ''))).join('')
    },
  }
}
