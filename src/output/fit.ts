import type { Cell } from './columns.ts'
import type { Column } from './result.ts'
import { widthOf } from './width.ts'

/** The space between two columns. */
export const gap = 2

/** Below this width, records that do not fit a table become blocks of lines. */
const leastForRows = 60

/** Columns whose `drop` is at most this are dropped before anything is shortened; in a preview, only dates are. */
const droppedEarly = { list: 3, preview: 2 }

/** A column of a table as it is drawn. */
export interface Fitted {
  readonly column: Column
  /** Its index in the rows. */
  readonly place: number
  readonly width: number
  /** The widest amount, which would read as two in pieces; very long ones do not count. */
  readonly unbroken: number
}

export interface Fitting {
  /** The width of the terminal. */
  readonly available: number
  /** Whether cells wrap instead of being shortened. */
  readonly preview: boolean
  /** Whether more rows may follow: spare room goes to columns that they may need. */
  readonly more: boolean
}

/**
 * The one layout of a table, chosen from all rows (docs/contract.md#tables). Undefined if each record has to be a block
 * of lines. If not even the narrowest layout fits, it is returned, and its lines are longer than the screen.
 */
export function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  fitting: Fitting,
): Fitted[] | undefined {
  let last: Fitted[] = []
  for (const attempt of attempts(columns, rows, fitting)) {
    if (spare(attempt, fitting.available) >= 0) return widened(attempt, fitting)
    last = attempt
  }
  return fitting.available < leastForRows ? undefined : last
}

/** Layouts from the widest to the narrowest. */
function* attempts(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { available, preview, more }: Fitting,
): Generator<Fitted[]> {
  const early = preview ? droppedEarly.preview : droppedEarly.list
  const levels = Array.from({ length: early + 1 }, (_, level) => level)
  for (const counts of [everyCell, usualCells]) {
    const whole = measured(columns, rows, more, counts)
    for (const level of levels) yield without(whole, level)
    if (preview && available < leastForRows) return
    yield narrowed(without(whole, early), available, preview)
    if (available < leastForRows) return
  }
  const usual = measured(columns, rows, more, usualCells)
  for (const level of [4, 5]) yield narrowed(without(usual, level), available, preview)
}

function without(fitted: readonly Fitted[], level: number): Fitted[] {
  return fitted.filter(({ column }) => (column.drop ?? Number.POSITIVE_INFINITY) > level)
}

/** Each column as wide as the widest cell that counts, and its shortest title. Columns of empty cells may be hidden. */
function measured(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  more: boolean,
  counts: (widths: readonly number[], column: Column) => number,
): Fitted[] {
  return columns.flatMap((column, place) => {
    const widths = rows.map((row) => row[place]?.width ?? 0)
    const width = counts(widths, column)
    if (column.hideEmpty && width === 0) return []
    // Amounts of later rows may have more digits, and are never shortened.
    const reserved = more && column.align === 'right' ? (column.usual ?? 0) : 0
    const least = Math.max(reserved, (column.shortTitle ?? column.title).length)
    const words = (row: readonly Cell[]): number[] => (row[place]?.text ?? '').split(' ').map(widthOf)
    const unbroken = column.align === 'right' ? usualCells(rows.flatMap(words), column) : 0
    return [{ column, place, width: Math.max(width, least), unbroken }]
  })
}

function everyCell(widths: readonly number[]): number {
  return widths.reduce((most, width) => Math.max(most, width), 0)
}

/** Ignores a few very long cells that cannot be shortened, such as an id of 400 characters: their lines are longer. */
function usualCells(widths: readonly number[], { least }: Column): number {
  if (least !== undefined) return everyCell(widths)
  const middle = [...widths].sort((one, other) => one - other)[(widths.length - 1) >> 1] ?? 0
  return everyCell(widths.filter((width) => width <= Math.max(2 * middle, 12)))
}

/** What the cells of a column may be narrowed to, in this order; undefined: not in this step. */
const steps: Record<'list' | 'preview', readonly ((column: Column) => number | undefined)[]> = {
  list: [
    ({ shorten, least }) => (shorten === 'middle' ? undefined : least),
    ({ shorten, least }) => (shorten === 'middle' ? least : undefined),
  ],
  // Very long cells first, ids last.
  preview: [
    () => 36,
    ({ least }) => (least === undefined ? undefined : Math.max(least, 10)),
    ({ wrap }) => wrap,
    ({ least }) => least,
    ({ wrap = 5 }) => wrap,
  ],
}

/** Narrows columns, the widest ones first, until they fit or cannot be narrower. */
function narrowed(fitted: readonly Fitted[], available: number, preview: boolean): Fitted[] {
  const widths = fitted.map(({ width }) => width)
  let excess = -spare(fitted, available)
  for (const leastOf of preview ? steps.preview : steps.list) {
    const leasts = fitted.map(({ column, unbroken }) =>
      Math.max(leastOf(column) ?? Number.POSITIVE_INFINITY, unbroken),
    )
    for (; excess > 0; excess -= 1) {
      // The widest one that may be narrower.
      const excesses = widths.map((width, index) => (width > (leasts[index] ?? 0) ? width : 0))
      const widest = everyCell(excesses)
      if (widest === 0) break
      widths[excesses.indexOf(widest)] = widest - 1
    }
  }
  return fitted.map((one, index) => ({ ...one, width: widths[index] ?? 0 }))
}

/** Spare room goes to longer titles, then, from the right, to what later rows may need. */
function widened(fitted: readonly Fitted[], { available, more }: Fitting): Fitted[] {
  const widths = fitted.map(({ width }) => width)
  let left = spare(fitted, available)
  const grow = (index: number, wanted = 0): void => {
    const width = widths[index] ?? 0
    const added = Math.max(0, Math.min(left, wanted - width))
    left -= added
    widths[index] = width + added
  }
  for (const [index, { column }] of fitted.entries()) grow(index, column.title.length)
  if (more) for (const [index, { column }] of [...fitted.entries()].reverse()) grow(index, column.usual)
  return fitted.map((one, index) => ({ ...one, width: widths[index] ?? 0 }))
}

function spare(fitted: readonly Fitted[], available: number): number {
  return available - fitted.reduce((sum, { width }) => sum + width + gap, -gap)
}
