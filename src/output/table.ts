import Table from 'cli-table3'
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
import { alignDecimals, type Fit, fitRows, fitsGrid, type Grid, standsWhole } from './fit.ts'
import type { Layout, Report, View } from './result.ts'
import { cutTo, widthOf } from './width.ts'

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
  return drawLines(labelled, { columns, gap: 2 })
}

/** The columns and the terminal of a table. */
interface Rows {
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
function createRowWriter(table: Rows): (rows: readonly Cell[][]) => string {
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

/** The header of a table; empty if no column has a title. */
function drawHeader(grid: Grid, paint: Paint): string {
  if (grid.columns.every(({ titles }) => titles.join('') === '')) return ''
  const cells = grid.columns.map(({ titles }, index) => {
    const title = titles.find((text) => text.length <= (grid.widths[index] ?? 0)) ?? titles.at(-1) ?? ''
    return { ...cellOf(title), paint: paint.label }
  })
  return drawLines([cells], grid)
}

/** In slices, since cli-table3 builds an object with all its borders for every cell. */
function drawRows(rows: readonly (readonly Cell[])[], grid: Grid): string {
  const empty = cellOf('')
  const shown = rows.map((row) => grid.places.map((place) => row[place] ?? empty))
  let text = ''
  for (let from = 0; from < shown.length; from += 500) text += drawLines(shown.slice(from, from + 500), grid)
  return text
}

/**
 * One record as a block of lines with a label and a value each. Nothing is cut: a value that is too wide goes on the
 * line below its label.
 */
function drawBlock(row: readonly Cell[], { columns, available, paint }: Rows): string {
  const margin = Math.max(0, ...columns.map(({ label }) => widthOf(label))) + 2
  const lines = columns.map(({ label, hideEmpty }, place) => {
    const cell = row[place] ?? cellOf('')
    const named = paint.label(label)
    if (cell.text.trim() === '') return hideEmpty ? '' : `${named}\n`
    if (margin + cell.width > available) return `${named}\n  ${painted(cell)}\n`
    return `${named}${' '.repeat(margin - widthOf(label))}${painted(cell)}\n`
  })
  return lines.join('')
}

/** Columns are separated by a gap, without lines. */
const borders = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
]
const noBorders = Object.fromEntries(borders.map((name) => [name, '']))

/**
 * Rows as lines, laid out by cli-table3: each cell cut to its column, or without `widths` each column as wide as its
 * widest cell. It measures accents, newer emoji and other scripts incorrectly, so that text other than ASCII gets a
 * placeholder of the right width, made of private use characters, which is replaced afterwards.
 */
function drawLines(
  rows: readonly (readonly Cell[])[],
  { columns, widths, gap }: Pick<Grid, 'columns' | 'gap'> & { readonly widths?: readonly number[] },
): string {
  const held: string[] = []
  const shown = (cell: Cell, room = cell.width): string => {
    const text = cell.width > room ? cutTo(cell.text, room) : cell.text
    const whole = painted({ ...cell, text })
    if (/^[ -~]*$/.test(text)) return whole
    held.push(whole)
    return String.fromCodePoint(firstHolder + held.length - 1) + filler.repeat(widthOf(text) - 1)
  }
  const table = new Table({
    chars: { ...noBorders, middle: ' '.repeat(gap) },
    ...(widths === undefined ? {} : { colWidths: [...widths] }),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) table.push(row.map((cell, index) => shown(cell, widths?.[index])))
  const putBack = (mark: string): string => held[(mark.codePointAt(0) ?? 0) - firstHolder] ?? ''
  const lines = table.toString().split('\n')
  return lines.map((line) => `${line.trimEnd().replace(holder, putBack)}\n`).join('')
}

/** Supplementary private use areas A and B: more characters than cells drawn at once. */
const firstHolder = 0xf0000
const filler = '\ue000'
const holder = /[\u{f0000}-\u{10fffd}]\ue000*/gu

function painted({ text, paint }: Cell): string {
  return paint === undefined ? text : paint(text)
}
