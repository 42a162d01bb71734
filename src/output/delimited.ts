import { documentedFields } from '../api/customer.ts'
import { visible } from '../visible.ts'
import { rowOf } from './cells.ts'
import type { Layout, View } from './result.ts'

/**
 * RFC 4180: a header row, CRLF, quotes if needed. Written by hand because csv-stringify takes three to four times as
 * long, which matters for a million customers.
 */
export const csv: Layout = (view) => {
  const fields = view.fields ?? documentedFields
  const lineOf = lineWriter(view)
  return {
    one: (record) => lineOf(fields) + lineOf(rowOf(record, fields)),
    many: () => ({
      begin: () => lineOf(fields),
      records: (batch) => batch.map((record) => lineOf(rowOf(record, fields))).join(''),
      end: () => '',
    }),
    report({ rows, columns }) {
      const lines = Array.from(rows, (row) => lineOf(columns.map(({ key }) => row[key] ?? '')))
      return lineOf(columns.map(({ key }) => key)) + lines.join('')
    },
  }
}

/** Cells that a spreadsheet would run as formulas (docs/contract.md#untrusted-text). */
const formula = /^[=+\-@\t\r]/
const needsQuotes = /[",\r\n]/

function lineWriter({ terminal, excelSafe }: View): (cells: readonly string[]) => string {
  const written = (cell: string): string => {
    const guarded = excelSafe && formula.test(cell) ? `'${cell}` : cell
    const shown = terminal ? visible(guarded) : guarded
    return needsQuotes.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown
  }
  return (cells) => {
    const line = cells.map(written).join(',')
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
    report({ rows, columns, where }) {
      if (where === 'terminal' || where === 'nowhere') return ''
      return Array.from(rows, (row) => lineOf(columns.map(({ key }) => row[key] ?? ''))).join('')
    },
  }
}
