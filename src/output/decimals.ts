import type { Cell } from './columns.ts'

/** An amount with more decimals than this stands as it is: it would push all others away from the edge. */
const mostDecimals = 6

/**
 * Makes the decimal points of a right-aligned column stand below each other, by spaces after shorter numbers. The
 * numbers themselves stay as the API sent them. Remembers what the batches before needed.
 * @param place where the column stands in a row; -1 for none
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

/** How many characters from the point on. */
function decimals(text: string): number {
  const point = text.indexOf('.')
  return point === -1 ? 0 : text.length - point
}
