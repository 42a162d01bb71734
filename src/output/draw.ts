import Table from 'cli-table3'
import { type Cell, cellOf, type Paint, type TableColumn } from './columns.ts'
import type { Grid } from './fit.ts'
import { cutTo, widthOf } from './width.ts'

/** The header of a table; empty if no column has a title. */
export function drawHeader(grid: Grid, paint: Paint): string {
  if (grid.columns.every(({ titles }) => titles.join('') === '')) return ''
  const cells = grid.columns.map(({ titles }, index) => {
    const title = titles.find((text) => text.length <= (grid.widths[index] ?? 0)) ?? titles.at(-1) ?? ''
    return { ...cellOf(title), paint: paint.label }
  })
  return drawLines([cells], grid)
}

/** Rows as lines, each cell cut to its column. */
export function drawRows(rows: readonly (readonly Cell[])[], grid: Grid): string {
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
export function drawBlock(
  row: readonly Cell[],
  { columns, available, paint }: { columns: readonly TableColumn[]; available: number; paint: Paint },
): string {
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
 * cli-table3 measures combining accents and newer emoji incorrectly. So it gets a placeholder of the right width, made
 * of private use characters, for each cell that is painted or not plain ASCII; the cell is put back afterwards.
 */
function drawLines(rows: readonly (readonly Cell[])[], { columns, widths, gap }: Grid): string {
  const held: string[] = []
  const hold = (cell: Cell, room: number): string => {
    const text = cell.width > room ? cutTo(cell.text, room) : cell.text
    if (text === '' || (cell.paint === undefined && /^[ -~]*$/.test(text))) return text
    held.push(painted({ ...cell, text }))
    return String.fromCodePoint(firstHolder + held.length - 1) + filler.repeat(widthOf(text) - 1)
  }
  const table = new Table({
    chars: { ...noBorders, middle: ' '.repeat(gap) },
    colWidths: [...widths],
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) table.push(row.map((cell, index) => hold(cell, widths[index] ?? 0)))
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
