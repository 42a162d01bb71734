import { grown } from '../text-set.ts'

/**
 * Strings stored as UTF-8 outside the heap: a million customers take the size of their JSON, and the garbage collector has
 * nothing to visit.
 */
export interface TextStore {
  /** Adds a string and returns its number: 0, 1, 2 and so on. */
  add(text: string): number
  /** The string of a number that `add` returned. */
  at(number: number): string
  readonly size: number
}

const chunkBytes = 1 << 22
/** A position is the chunk index times this, plus the offset in the chunk. */
const span = 2 ** 32

export function createTextStore(): TextStore {
  const chunks: Buffer[] = []
  let chunk = Buffer.alloc(0)
  let used = 0
  let positions = new Float64Array(1024)
  let size = 0

  function reserve(atMost: number): void {
    if (used + atMost <= chunk.length) return
    chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, atMost))
    chunks.push(chunk)
    used = 0
  }

  return {
    add(text) {
      // UTF-8 takes at most three bytes per UTF-16 unit; the exact length is counted only near the end of a chunk.
      const most = 4 + text.length * 3
      if (used + most > chunk.length) reserve(4 + Buffer.byteLength(text))
      const length = chunk.write(text, used + 4)
      chunk.writeUInt32LE(length, used)
      if (size === positions.length) positions = grown(positions, (length) => new Float64Array(length))
      positions[size] = (chunks.length - 1) * span + used
      used += 4 + length
      size += 1
      return size - 1
    },
    at(number) {
      const position = positions[number]
      if (position === undefined || number >= size) throw new RangeError(`no text ${number}`)
      const within = chunks[Math.floor(position / span)] ?? chunk
      const offset = position % span
      return within.toString('utf8', offset + 4, offset + 4 + within.readUInt32LE(offset))
    },
    get size() {
      return size
    },
  }
}
