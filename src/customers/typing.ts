/**
 * How much of a name field or an e-mail is compared, in UTF-16 units, before folding and after it. Both are untrusted
 * input, and folding or comparing 100,000 letters could take minutes; real names and addresses (254, RFC 5321) are
 * shorter. A cut value never counts as equal if a deletion depends on it.
 */
export const comparedLength = 256

/** The part of a text that is compared. */
export function cut(text: string): string {
  return text.length > comparedLength ? text.slice(0, comparedLength) : text
}

/**
 * The number of typing errors between two texts: an extra, missing or wrong letter, or two swapped neighbours (the optimal
 * string alignment distance). Counts up to `most`; a greater result means more than `most`, or a text that is too long to
 * compare.
 */
export function typingErrors(a: string, b: string, most: number): number {
  if (a === b) return 0
  if (most <= 0 || Math.abs(a.length - b.length) > most) return most + 1
  if (Math.max(a.length, b.length) > comparedLength) return most + 1
  return Math.min(most + 1, alignment(...differing(a, b), most))
}

/** Two texts without what they have in common at the start and at the end. */
function differing(a: string, b: string): readonly [string, string] {
  const start = firstDifference(a, b)
  const [endA, endB] = lastDifference(a, b, start)
  return [a.slice(start, endA + 1), b.slice(start, endB + 1)]
}

/**
 * Row by row, from the distances of the two rows before; stops when all of a row are more than `most`. Only columns at most
 * that far from the diagonal matter, so a row has these only: otherwise two texts of 250 letters took milliseconds.
 */
function alignment(a: string, b: string, most: number): number {
  const beyond = most + 1
  let before: number[] = []
  let last: number[] = []
  for (let row = 0; row <= a.length; row++) {
    const next: number[] = []
    for (let at = 0; at <= 2 * most; at++) {
      const column = row + at - most
      if (column < 0 || column > b.length) next.push(beyond)
      else if (row === 0 || column === 0) next.push(row + column)
      else next.push(leastOf(at, column))
    }
    if (Math.min(...next) > most) return beyond
    before = last
    last = next

    function leastOf(at: number, column: number): number {
      const kept = (last[at] ?? beyond) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const least = Math.min(kept, (last[at + 1] ?? beyond) + 1, (next[at - 1] ?? beyond) + 1)
      return isSwap(a, b, row - 2, column - 2) ? Math.min(least, (before[at] ?? beyond) + 1) : least
    }
  }
  return last[b.length - a.length + most] ?? beyond
}

/** Whether the two letters from `i` in one text and from `j` in the other are swapped. */
function isSwap(a: string, b: string, i: number, j: number): boolean {
  if (i < 0 || j < 0 || i + 1 >= a.length || j + 1 >= b.length) return false
  return a[i] === b[j + 1] && a[i + 1] === b[j] && a[i] !== a[i + 1]
}

/** Where two texts begin to differ. */
export function firstDifference(a: string, b: string): number {
  let index = 0
  while (index < a.length && a[index] === b[index]) index += 1
  return index
}

/** The last letters that differ, at or after `start`; before it if one text is all in the other. */
function lastDifference(a: string, b: string, start: number): readonly [number, number] {
  let endA = a.length - 1
  let endB = b.length - 1
  while (endA >= start && endB >= start && a[endA] === b[endB]) {
    endA -= 1
    endB -= 1
  }
  return [endA, endB]
}

/** The letters that only one of two texts has, as `z>s`. */
export function changed(a: string, b: string): string {
  return `${without(a, b).join('')}>${without(b, a).join('')}`
}

/** Letters or words without those of another list, each as often as it is there. */
export function without(items: Iterable<string>, others: Iterable<string>): string[] {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1)
  return Array.from(items).filter((item) => {
    const count = counts.get(item) ?? 0
    counts.set(item, count - 1)
    return count <= 0
  })
}
