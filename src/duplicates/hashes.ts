import { grown } from '../text-set.ts'

/** 32-bit hashes of records. Sorting them finds possibly equal records in n log n. */
export interface Hashes {
  /** Adds the next record's hashes, one per column. */
  push(hashes: readonly number[]): void
  at(index: number, column: number): number
  readonly size: number
}

/** The hash of a record without a value. */
export const noHash = 0

/** @param columns how many hashes each record has */
export function createHashes(columns: number): Hashes {
  let held = new Uint32Array(1024 * columns)
  let size = 0
  return {
    push(hashes) {
      const start = size * columns
      if (start === held.length) held = grown(held, (length) => new Uint32Array(length))
      for (let column = 0; column < columns; column++) held[start + column] = hashes[column] ?? noHash
      size += 1
    },
    at: (index, column) => held[index * columns + column] ?? noHash,
    get size() {
      return size
    },
  }
}

/** Awaited regularly, to let other work run; may throw to stop. */
export type Pause = () => Promise<void>

/**
 * For every hash that two or more records share, in any of the columns, the indexes of these records in ascending order.
 * Equal hashes are no proof: compare what was hashed.
 *
 * Hash and index are packed into one double, so that a typed array can sort them. Its 53 bits hold 32 bits of hash and 21
 * of index; above two million records the hash is shortened.
 */
export async function runsOf(
  hashes: Hashes,
  columns: readonly number[],
  pause: Pause,
): Promise<Iterable<number[]>> {
  const count = hashes.size
  const indexBits = Math.max(1, Math.ceil(Math.log2(count + 1)))
  const room = 2 ** indexBits
  const drop = Math.max(0, 32 - (53 - indexBits))
  const packed = new Float64Array(count * columns.length)
  let used = 0
  for (const column of columns) {
    for (let index = 0; index < count; index++) {
      const hash = hashes.at(index, column)
      if (hash === noHash) continue
      packed[used] = (hash >>> drop) * room + index
      used += 1
    }
    await pause()
  }
  const sorted = packed.subarray(0, used)
  await sort(sorted, pause)
  return { [Symbol.iterator]: () => runsIn(sorted, room) }
}

function* runsIn(sorted: Float64Array, room: number): Generator<number[], void, undefined> {
  let start = 0
  while (start < sorted.length) {
    const limit = (Math.floor((sorted[start] ?? 0) / room) + 1) * room
    let end = start + 1
    while (end < sorted.length && (sorted[end] ?? 0) < limit) end += 1
    if (end - start > 1) yield distinct(sorted, start, end, room)
    start = end
  }
}

function distinct(sorted: Float64Array, start: number, end: number, room: number): number[] {
  const run: number[] = []
  for (let at = start; at < end; at++) {
    const index = (sorted[at] ?? 0) % room
    if (run.at(-1) !== index) run.push(index)
  }
  return run
}

/** This many numbers are sorted in 6 ms. */
const sortedAtOnce = 2 ** 16
const parts = 256

/** Sorts numbers, in parts if there are many, to pause in between: a million at once block for 120 ms. */
export async function sort(values: Float64Array, pause: Pause): Promise<void> {
  if (values.length <= sortedAtOnce) {
    values.sort()
    return
  }
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  if (least === most) return
  const partOf = (value: number): number => Math.floor(((value - least) / (most - least + 1)) * parts)
  const ends = new Uint32Array(parts)
  for (const value of values) ends[partOf(value)] = (ends[partOf(value)] ?? 0) + 1
  await pause()
  for (let part = 1; part < parts; part++) ends[part] = (ends[part] ?? 0) + (ends[part - 1] ?? 0)
  const at = ends.slice()
  for (const value of values.slice()) {
    const part = partOf(value)
    const place = (at[part] ?? 0) - 1
    at[part] = place
    values[place] = value
  }
  for (let part = 0; part < parts; part++) {
    await pause()
    await sort(values.subarray(at[part], ends[part]), pause)
  }
}
