import { visible } from '../visible.ts'
import { rowOf } from './cells.ts'
import type { Layout } from './layout.ts'

/**
 * One record a line, cells apart by tabs, no header: for `cut`, `awk` and `while read`. A tab or a newline in a
 * value is a control character and made visible like the others, so that lines and columns can be trusted.
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
