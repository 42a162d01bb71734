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
      if (start === held.length) {
        const larger = new Uint32Array(held.length * 2)
        larger.set(held)
        held = larger
      }
      for (let column = 0; column < columns; column++) held[start + column] = hashes[column] ?? noHash
      size += 1
    },
    at: (index, column) => held[index * columns + column] ?? noHash,
    get size() {
      return size
    },
  }
}

/**
 * For every hash that two or more records share, in any of the columns, the indexes of these records in ascending order.
 * Equal hashes are no proof: compare what was hashed.
 *
 * Hash and index are packed into one double, so that a typed array can sort them. Its 53 bits hold 32 bits of hash and 21
 * of index; above two million records the hash is shortened.
 */
export function* runsOf(hashes: Hashes, columns: readonly number[]): Generator<number[], void, undefined> {
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
  }
  const sorted = packed.subarray(0, used).sort()
  let start = 0
  while (start < used) {
    const hash = Math.floor((sorted[start] ?? 0) / room)
    const limit = (hash + 1) * room
    let end = start + 1
    while (end < used && (sorted[end] ?? 0) < limit) end += 1
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
