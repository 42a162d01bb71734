import Table from 'cli-table3'
import {
  type Cell,
  cellOf,
  columnsOf,
  createPaint,
  customerCells,
  otherFields,
  type Paint,
} from './columns.ts'
import { type Fitted, fitColumns, gap } from './fit.ts'
import type { Column, Layout, Report, View } from './result.ts'
import { cutTo, flowedWords, middleOf, widthOf, wrapTo } from './width.ts'

/** The rows that decide the layout of a longer listing: a page, so that they are there at once. */
const firstRows = 100

/**
 * The format for terminals: many customers as a table fitted to the width, one customer as a record with all its fields,
 * reports as tables (docs/contract.md#tables). Nothing if there are no rows.
 */
export const table: Layout = (view) => {
  const { colour, preview = false } = view
  const paint = createPaint(colour)
  const columns = columnsOf(view.fields)
  return {
    one(record) {
      const cells = customerCells(record, columns, paint, { days: false, preview: false })
      const others = view.fields === undefined ? otherFields(record) : []
      return drawBlock(
        [
          ...cells,
          // Not measured, since it may be long.
          ...others.map(({ text }) => ({ text, width: text.length })),
        ],
        [...columns, ...others.map(({ label }) => ({ key: label, title: label }))],
        { available: view.columns, paint },
      )
    },
    many() {
      const draw = createDrawing(columns, view, paint)
      return {
        firstRows,
        begin: () => '',
        records: (batch, last = false) =>
          draw(
            batch.map((record) => customerCells(record, columns, paint, { days: true, preview })),
            !last,
          ),
        end: () => '',
      }
    },
    report: (report) => drawReport(report, view, paint),
  }
}

function drawReport({ columns, rows, where, draw }: Report, view: View, paint: Paint): string {
  if (where === 'pipe' || where === 'nowhere') return ''
  if (draw !== undefined) return draw(view)
  if (columns.some(({ line }) => line !== undefined)) return drawGroups(columns, rows, view, paint)
  const cells = Array.from(rows, (row) => columns.map(({ key }) => emphasised(row[key] ?? '', paint)))
  if (columns.some(({ title }) => title !== '')) return createDrawing(columns, view, paint)(cells, false)
  // Names and values, or values only if there is a single column. The terminal wraps values that are too wide.
  return drawPairs(
    cells.map(([name = cellOf(''), value]) =>
      value === undefined ? { label: name.text } : { label: paint.label(name.text), value: painted(value) },
    ),
  )
}

/** Rows in one layout, each with its lines above and below. */
function drawGroups(columns: readonly Column[], rows: Report['rows'], view: View, paint: Paint): string {
  const inRow = columns.filter(({ where, line }) => where !== 'others' && line === undefined)
  const above = columns.find(({ line }) => line === 'above')
  const below = columns.filter(({ line }) => line === 'below')
  const list = [...rows]
  const cells = list.map((row) => inRow.map(({ key }) => emphasised(row[key] ?? '', paint)))
  const layout = layoutOf(inRow, cells, view, false)
  const linesOf = (text: string, indent: string): string =>
    flowedWords(cellOf(text).text, view.columns - indent.length)
      .map((line) => `${indent}${line}\n`)
      .join('')
  const drawn = list.map((row, index) => {
    const heading = row[above?.key ?? ''] ?? ''
    const isSame = heading === list[index - 1]?.[above?.key ?? '']
    const details = below.flatMap(({ key }) => row[key] || [])
    // Blocks have an empty line between them.
    const between = layout.fitted === undefined && index > 0 ? '\n' : ''
    return [
      isSame ? between : `${index === 0 ? '' : '\n'}${linesOf(heading, '')}`,
      drawRows([cells[index] ?? []], inRow, layout, view, paint),
      ...details.map((detail) => linesOf(detail, '  ')),
    ].join('')
  })
  return drawHeader(layout, paint) + drawn.join('')
}

/** What a change would do stands out. */
function emphasised(text: string, paint: Paint): Cell {
  if (/^(?:DELETE|(?:.*,)?LIVE(?:[, ].*)?|SPENT .*)$/.test(text)) return cellOf(text, paint.danger)
  return cellOf(text, text === 'keep' ? paint.good : undefined)
}

/** How rows are drawn: below a header, or as blocks of lines if no columns are fitted. */
interface Arranged {
  readonly fitted: readonly Fitted[] | undefined
  /** Of each column. */
  readonly decimals: readonly number[]
}

function layoutOf(
  columns: readonly Column[],
  cells: readonly Cell[][],
  { columns: available, preview = false }: View,
  more: boolean,
): Arranged {
  const decimals = columns.map((column, place) => decimalsOf(column, cells, place))
  const rows = cells.map((row) => withDecimals(row, decimals))
  return { decimals, fitted: fitColumns(columns, rows, { available, preview, more }) }
}

function withDecimals(row: readonly Cell[], decimals: readonly number[]): Cell[] {
  return row.map((cell, place) => padded(cell, decimals[place] ?? 0))
}

function drawRows(
  cells: readonly Cell[][],
  columns: readonly Column[],
  { fitted, decimals }: Arranged,
  { columns: available, preview = false }: View,
  paint: Paint,
): string {
  const rows = cells.map((row) => withDecimals(row, decimals))
  if (fitted !== undefined) return rows.map((row) => drawRow(row, fitted, preview)).join('')
  return rows.map((row) => drawBlock(row, columns, { available, paint })).join('\n')
}

/** Draws batches of rows. The first one decides the layout of all. */
function createDrawing(
  columns: readonly Column[],
  view: View,
  paint: Paint,
): (rows: readonly Cell[][], more: boolean) => string {
  let layout: Arranged | undefined
  return (batch, more) => {
    if (batch.length === 0) return ''
    const between = layout !== undefined && layout.fitted === undefined ? '\n' : ''
    const header = layout === undefined
    layout ??= layoutOf(columns, batch, view, more)
    return `${header ? drawHeader(layout, paint) : between}${drawRows(batch, columns, layout, view, paint)}`
  }
}

/** A number, in a preview maybe after a word. */
const number = /^(?:[A-Z]+ )?-?\d+(?:\.(\d+))?$/

/**
 * The decimals of a column of numbers: none, or at least two. Those with more than six, the most of USDC, stay as they
 * are: others would pad every number to their length.
 */
function decimalsOf({ align }: Column, rows: readonly Cell[][], place: number): number {
  if (align !== 'right') return 0
  const lengths = rows.map((row) => number.exec(row[place]?.text ?? '')?.[1]?.length ?? 0)
  const most = widest(lengths.filter((length) => length <= 6))
  return most === 1 ? 2 : most
}

/** Adds zeros after the last decimal of a number, which change no value; nothing is rounded. */
function padded(cell: Cell, decimals: number): Cell {
  const found = decimals === 0 ? null : number.exec(cell.text)
  const missing = found === null ? 0 : decimals - (found[1]?.length ?? 0)
  if (found === null || missing <= 0) return cell
  const added = `${found[1] === undefined ? '.' : ''}${'0'.repeat(missing)}`
  return { ...cell, text: cell.text + added, width: cell.width + added.length }
}

/** The header of a table; empty for blocks. */
function drawHeader({ fitted }: Arranged, paint: Paint): string {
  if (fitted === undefined) return ''
  const titles = fitted.map(({ column: { title, shortTitle = title }, width }) =>
    cellOf(title.length <= width ? title : shortTitle, paint.label),
  )
  return drawLine(titles, fitted)
}

/** A row, with cells that are too wide wrapped or shortened. */
function drawRow(row: readonly Cell[], fitted: readonly Fitted[], preview: boolean): string {
  const cells = fitted.map(({ place }) => row[place] ?? cellOf(''))
  if (!preview)
    return drawLine(
      cells.map((cell, index) => shortenedTo(cell, fitted[index])),
      fitted,
    )
  const pieces = cells.map(({ text, width }, index) => {
    const { width: room = 0, column } = fitted[index] ?? {}
    if (width <= room) return [text]
    if (column?.wrap === undefined) return wrapTo(text, room, '')
    const words = text.split(/(?<=[ ,])/)
    // An amount in two pieces would read as two.
    return column.align === 'right' ? words : words.flatMap((word) => wrapTo(word, room, ''))
  })
  const height = widest(pieces.map(({ length }) => length))
  const lines = Array.from({ length: height }, (_, line) =>
    drawLine(
      cells.map((cell, index) => {
        const text = pieces[index]?.[line]?.trimEnd() ?? ''
        return { ...cell, text, width: text === cell.text ? cell.width : widthOf(text) }
      }),
      fitted,
    ),
  )
  // Where an id is on several lines, an empty one shows where it ends.
  return `${lines.join('')}${(pieces[0]?.length ?? 0) > 1 ? '\n' : ''}`
}

function shortenedTo(cell: Cell, fitted: Fitted | undefined): Cell {
  if (fitted?.column.least === undefined || cell.width <= fitted.width) return cell
  // In a column of e-mails, a text without an @ is an id.
  if (fitted.column.shorten === 'middle' && !cell.text.includes('@')) return cell
  const shorten = fitted.column.shorten === 'middle' ? middleOf : cutTo
  const text = shorten(cell.text, fitted.width)
  return { ...cell, text, width: widthOf(text) }
}

/** Cells in their columns. After a cell that is wider than its column, the others move to the right as far as needed. */
function drawLine(cells: readonly Cell[], fitted: readonly Fitted[]): string {
  let line = ''
  let taken = 0
  let start = 0
  for (const [index, { column, width }] of fitted.entries()) {
    const cell = cells[index]
    if (cell !== undefined && cell.text !== '') {
      const from = column.align === 'right' ? start + width - cell.width : start
      const space = Math.max(from - taken, taken === 0 ? 0 : gap)
      line += ' '.repeat(space) + (cell.paint?.(cell.text) ?? cell.text)
      taken += space + cell.width
    }
    start += width + gap
  }
  return `${line}\n`
}

/**
 * One record as a block of lines with a label and a value each. Nothing is cut: a value that is too wide goes on the
 * line below its label.
 */
function drawBlock(
  row: readonly Cell[],
  columns: readonly Column[],
  { available, paint }: { readonly available: number; readonly paint: Paint },
): string {
  const labels = columns.map(({ title, label = title }) => label)
  const margin = widest(labels.map(widthOf)) + gap
  return drawPairs(
    columns.flatMap(({ hideEmpty }, place) => {
      const cell = row[place] ?? cellOf('')
      const label = paint.label(labels[place] ?? '')
      if (cell.text.trim() === '') return hideEmpty ? [] : [{ label }]
      return margin + cell.width > available
        ? [{ label, below: painted(cell) }]
        : [{ label, value: painted(cell) }]
    }),
  )
}

function painted({ text, paint }: Cell): string {
  return paint?.(text) ?? text
}

const borders = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
]
const noBorders = Object.fromEntries(borders.map((name) => [name, '']))

/** Labels and values in two columns; what is `below` stands on the line below its label. */
function drawPairs(
  pairs: readonly { readonly label: string; readonly value?: string; readonly below?: string }[],
): string {
  const table = new Table({
    chars: { ...noBorders, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...pairs.map(({ label, value }) => [label, value ?? '']))
  const lines = table.toString().split('\n')
  return pairs
    .map(({ below }, index) => `${lines[index]?.trimEnd()}\n${below === undefined ? '' : `  ${below}\n`}`)
    .join('')
}

function widest(widths: readonly number[]): number {
  return widths.reduce((most, width) => Math.max(most, width), 0)
}
