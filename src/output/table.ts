import { type Cell, cellOf, columnsOf, customerCells, reportColumns } from './columns.ts'
import { alignDecimals } from './decimals.ts'
import { drawBlock, drawRows } from './draw.ts'
import type { Layout, View } from './layout.ts'
import { createPaint, type Paint } from './paint.ts'
import type { Report } from './result.ts'
import { createRowWriter } from './rows.ts'

/**
 * What a person sees: many customers as a table fitted to the terminal, one customer as a block with its full dates,
 * reports as tables (docs/contract.md#tables). Nothing where there are no rows.
 */
export const table: Layout = (view) => {
  const paint = createPaint(view.colour)
  const columns = columnsOf(view.fields)
  return {
    one: (record) =>
      drawBlock(customerCells(record, { columns, paint, days: false }), {
        columns,
        available: view.columns,
        paint,
      }),
    many() {
      const write = createRowWriter({ columns, available: view.columns, paint })
      const align = alignDecimals(columns.findIndex(({ key }) => key === 'totalSpent'))
      return {
        begin: () => '',
        records: (batch) =>
          write(align(batch.map((record) => customerCells(record, { columns, paint, days: true })))),
        end: () => '',
      }
    },
    report: (report) => drawReport(report, view, paint),
  }
}

function drawReport(report: Report, view: View, paint: Paint): string {
  if (report.where === 'pipe' || report.where === 'nowhere') return ''
  const columns = reportColumns(report.columns)
  const rows = Array.from(report.rows, (row) => columns.map(({ key }) => cellOf(row[key] ?? '')))
  if (rows.length === 0) return ''
  if (columns.some(({ label }) => label !== '')) {
    return createRowWriter({ columns, available: view.columns, paint })(rows)
  }
  // Keys and values. A value that is wider than the terminal goes on in its next line.
  const labelled = rows.map(([label, ...values]) =>
    label === undefined ? [] : [{ ...label, paint: paint.label }, ...values],
  )
  const widths = columns.map((_, place) => Math.max(0, ...rows.map((row) => widthAt(row, place))))
  return drawRows(labelled, {
    columns,
    places: columns.map((_, place) => place),
    widths,
    gap: 2,
    dropped: 0,
    hidden: [],
  })
}

function widthAt(row: readonly Cell[], place: number): number {
  return row[place]?.width ?? 0
}
