import type { Cell, TableColumn } from './columns.ts'

/** Amounts with more decimals than this are not aligned: all others would be moved away from the edge. */
const mostDecimals = 6

/**
 * Aligns the decimal points of a right-aligned column with spaces after shorter numbers; the numbers stay as the API
 * sent them. Remembers the most decimals of earlier batches.
 * @param place the index of the column; -1 for none
 */
export function alignDecimals(place: number): (rows: Cell[][]) => Cell[][] {
  let most = 0
  return (rows) => {
    const lengths = rows.map((row) => decimals(row[place]?.text ?? ''))
    most = lengths.reduce(
      (longest, length) => (length > mostDecimals ? longest : Math.max(longest, length)),
      most,
    )
    return rows.map((row, index) => {
      const cell = row[place]
      const missing = most - (lengths[index] ?? 0)
      if (cell === undefined || missing <= 0) return row
      return row.with(place, { ...cell, text: cell.text + ' '.repeat(missing), width: cell.width + missing })
    })
  }
}

/** The number of characters from the decimal point on. */
function decimals(text: string): number {
  const point = text.indexOf('.')
  return point === -1 ? 0 : text.length - point
}

/** The layout of a table: its columns, their widths and the gap. */
export interface Grid {
  readonly columns: readonly TableColumn[]
  /** The index of each column in the rows. */
  readonly places: readonly number[]
  readonly widths: readonly number[]
  readonly gap: number
  /** Columns whose `drop` is at most this are dropped. */
  readonly dropped: number
  /** The indexes of columns that are hidden because all their cells are empty. */
  readonly hidden: readonly number[]
}

/** The layout of earlier rows, which later rows keep if they can. */
export interface Fit {
  readonly grid: Grid
  /** The widest cell of each column. */
  readonly widest: readonly number[]
}

/**
 * Fits rows to a terminal: names shrink first (to 6), then dates and mode are dropped, then the gaps narrow
 * (docs/contract.md#tables). Ids and e-mails are never cut. Up to a quarter of the rows are ignored if they are too
 * wide for any table; undefined if more are.
 * @param before the layout of earlier rows: its columns are kept, and none becomes narrower
 */
export function fitRows(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  available: number,
  before?: Fit,
): Fit | undefined {
  const levels = before === undefined ? dropLevels(columns) : [before.grid.dropped]
  let need = before?.widest ?? columns.map(() => 0)
  const needs = [need]
  for (const row of byUncutWidth(columns, rows)) {
    need = need.map((width, place) => Math.max(width, row[place]?.width ?? 0))
    needs.push(need)
  }
  for (let counted = rows.length; counted >= rows.length * 0.75; counted -= 1) {
    const widest = needs[counted] ?? need
    const grid = narrowest(columns, widest, { available, levels })
    if (grid !== undefined) return { grid, widest }
  }
  return undefined
}

/** Whether a row fits the grid without cutting a column that must not be cut. */
export function fitsGrid(row: readonly Cell[], { columns, places, widths }: Grid): boolean {
  return columns.every(
    ({ least }, index) => least !== undefined || widthAt(row, places[index]) <= (widths[index] ?? 0),
  )
}

/** Whether a row fits the grid with nothing cut or hidden. */
export function standsWhole(row: readonly Cell[], { places, widths, hidden }: Grid): boolean {
  return (
    places.every((place, index) => widthAt(row, place) <= (widths[index] ?? 0)) &&
    hidden.every((place) => widthAt(row, place) === 0)
  )
}

function widthAt(row: readonly Cell[], place = 0): number {
  return row[place]?.width ?? 0
}

function byUncutWidth(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
): (readonly Cell[])[] {
  const uncut = (row: readonly Cell[]): number =>
    columns.reduce((sum, { least }, place) => sum + (least === undefined ? widthAt(row, place) : 0), 0)
  return rows
    .map((row) => ({ row, uncut: uncut(row) }))
    .sort((one, other) => one.uncut - other.uncut)
    .map(({ row }) => row)
}

/** The values of `dropped` to try: none, then one more column each time. */
function dropLevels(columns: readonly TableColumn[]): number[] {
  const drops = columns.flatMap(({ drop }) => (drop === undefined ? [] : [drop]))
  return [0, ...drops.sort((one, other) => one - other)]
}

/** The first layout that is narrow enough; undefined if none is. */
function narrowest(
  columns: readonly TableColumn[],
  widest: readonly number[],
  { available, levels }: { available: number; levels: readonly number[] },
): Grid | undefined {
  const hidden = columns.flatMap(({ hideEmpty }, place) => (hideEmpty && !widest[place] ? [place] : []))
  const layouts = [...levels.map((dropped) => ({ dropped, gap: 2 })), { dropped: levels.at(-1) ?? 0, gap: 1 }]
  for (const { dropped, gap } of layouts) {
    const kept = columns
      .map((column, place) => ({ column, place, widest: widest[place] ?? 0 }))
      .filter(({ column, place }) => !hidden.includes(place) && (column.drop ?? Infinity) > dropped)
    const widths = share(kept, available - gap * (kept.length - 1))
    const places = kept.map(({ place }) => place)
    if (widths !== undefined)
      return { columns: kept.map(({ column }) => column), places, widths, gap, dropped, hidden }
  }
  return undefined
}

/** Minimum widths first; the remaining width goes to cells that would be cut, then to longer titles. */
function share(
  kept: readonly { column: TableColumn; widest: number }[],
  available: number,
): number[] | undefined {
  const least = kept.map(({ column, widest }) =>
    Math.max(Math.min(widest, column.least ?? widest), column.titles.at(-1)?.length ?? 0),
  )
  const left = available - least.reduce((sum, width) => sum + width, 0)
  if (left < 0) return undefined
  const whole = kept.map(({ widest }) => widest)
  const titled = kept.map(({ column, widest }) => Math.max(widest, column.titles[0]?.length ?? 0))
  const grown = grow(least, whole, left)
  return grow(grown.widths, titled, grown.left).widths
}

/** Widens the narrowest unsatisfied column by one character at a time. */
function grow(
  from: readonly number[],
  wanted: readonly number[],
  room: number,
): { widths: number[]; left: number } {
  const widths = [...from]
  let left = room
  for (; left > 0; left -= 1) {
    const [first, ...others] = widths.flatMap((width, index) => (width < (wanted[index] ?? 0) ? [index] : []))
    if (first === undefined) break
    const place = others.reduce(
      (least, other) => ((widths[other] ?? 0) < (widths[least] ?? 0) ? other : least),
      first,
    )
    widths[place] = (widths[place] ?? 0) + 1
  }
  return { widths, left }
}
