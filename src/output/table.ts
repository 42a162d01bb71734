import {
  type Cell,
  cellOf,
  columnsOf,
  createPaint,
  customerCells,
  type Paint,
  reportColumns,
  type TableColumn,
} from './columns.ts'
import { drawBlock, drawHeader, drawRows } from './draw.ts'
import { alignDecimals, type Fit, fitRows, fitsGrid, standsWhole } from './fit.ts'
import type { Layout, Report, View } from './result.ts'

/**
 * The format for terminals: many customers as a table fitted to the width, one customer as a block with full dates,
 * reports as tables (docs/contract.md#tables). Nothing if there are no rows.
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
  // Names and values, or values only if there is a single column. The terminal wraps values that are too wide.
  const labelled = rows.map((row) => {
    const [label, ...values] = row
    return label === undefined || values.length === 0 ? row : [{ ...label, paint: paint.label }, ...values]
  })
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

/** The columns and the terminal of a table. */
export interface Rows {
  readonly columns: readonly TableColumn[]
  /** The width of the terminal. */
  readonly available: number
  readonly paint: Paint
}

/**
 * Draws batches of rows: the header once, then rows that keep the widths of earlier ones if they fit. The header is
 * repeated only if other columns are shown. A row that is too wide becomes a block of lines with all its columns,
 * with an empty line before and after it.
 */
export function createRowWriter(table: Rows): (rows: readonly Cell[][]) => string {
  const { columns, available, paint } = table
  let fit: Fit | undefined
  let last: 'nothing' | 'rows' | 'block' = 'nothing'

  const fitted = (rows: readonly Cell[][]): Fit | undefined => {
    if (fit === undefined) return fitRows(columns, rows, available)
    const { grid } = fit
    if (rows.every((row) => standsWhole(row, grid))) return fit
    return fitRows(columns, rows, available, fit) ?? fitRows(columns, rows, available)
  }

  /** The text, with an empty line before it if needed. */
  const after = (text: string, kind: 'rows' | 'block', apart: boolean): string => {
    const due = last !== 'nothing' && (apart || kind === 'block' || last === 'block')
    last = kind
    return due ? `\n${text}` : text
  }

  return (rows) => {
    const before = fit
    fit = fitted(rows)
    if (fit === undefined) return rows.map((row) => after(drawBlock(row, table), 'block', true)).join('')
    const { grid } = fit
    let text = ''
    if (before?.grid.places.join() !== grid.places.join())
      text += after(drawHeader(grid, paint), 'rows', true)
    for (const run of runsOf(rows, (row) => fitsGrid(row, grid))) {
      if (run.fits) text += after(drawRows(run.rows, grid), 'rows', false)
      else for (const row of run.rows) text += after(drawBlock(row, table), 'block', true)
    }
    return text
  }
}

/** Groups consecutive rows that fit, or do not. */
function runsOf(
  rows: readonly Cell[][],
  fits: (row: Cell[]) => boolean,
): { fits: boolean; rows: Cell[][] }[] {
  const runs: { fits: boolean; rows: Cell[][] }[] = []
  for (const row of rows) {
    const run = runs.at(-1)
    if (run !== undefined && run.fits === fits(row)) run.rows.push(row)
    else runs.push({ fits: fits(row), rows: [row] })
  }
  return runs
}
