import { membersOf } from './members.ts'
import type { Raw, Shape } from './rows.ts'

/** How rows are written again, in the format of their input. */
export interface RejectWriter {
  /** What stands before the first row, between two rows, and behind the last one. */
  readonly before: string
  readonly between: string
  readonly after: string
  /** A row as it came in, with why it was not imported in a column `error`: its own one where it has one already. */
  row(raw: Raw, error: string): string
}

const title = 'error'

/** Chosen by the format that the input has. */
export function rejectWriter(shape: Shape): RejectWriter {
  const { format } = shape
  if (format === 'csv') return csvWriter(shape)
  const row = (raw: Raw, error: string): string => (typeof raw === 'string' ? withError(raw, error) : '')
  return format === 'json'
    ? { before: '[\n', between: ',\n', after: '\n]\n', row }
    : { before: '', between: '\n', after: '\n', row }
}

function csvWriter({ columns, delimiter }: Shape): RejectWriter {
  const lineOf = (cells: readonly string[]): string =>
    cells.map((cell) => written(cell, delimiter)).join(delimiter)
  const own = columns.findIndex((column) => column.trim() === title)
  const at = own < 0 ? columns.length : own
  const withErrorCell = (cells: readonly string[], error: string): string[] => {
    const width = columns.length
    const padded = [...cells, ...new Array<string>(Math.max(0, width - cells.length)).fill('')]
    padded.splice(at, own < 0 ? 0 : 1, error)
    // A row that was too short stays one that does not fit its header, or it would pass as mended.
    return cells.length < width ? [...padded, ''] : padded
  }
  return {
    before: `${lineOf(own < 0 ? [...columns, title] : columns)}\r\n`,
    between: '\r\n',
    after: '\r\n',
    row: (raw, error) => (typeof raw === 'string' ? '' : lineOf(withErrorCell(raw, error))),
  }
}

/** RFC 4180; a byte order mark that begins the file would be taken away. */
function written(cell: string, delimiter: string): string {
  return /["\r\n\ufeff]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Everything else of the object stays as it is written, numbers that no double can hold among it. */
function withError(text: string, error: string): string {
  const kept = membersOf(text)
    .filter(({ key }) => key !== title)
    .map(({ start, end }) => text.slice(start, end))
  return `{${[...kept, `"${title}":${JSON.stringify(error)}`].join(',')}}`
}
