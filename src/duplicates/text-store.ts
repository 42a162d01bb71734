/**
 * Many texts, kept as UTF-8 outside the heap and read back by number: a million customers take what their JSON takes,
 * and the garbage collector has nothing to visit.
 */
export interface TextStore {
  /** Keeps a text and returns its number: 0, 1, 2 and so on. */
  add(text: string): number
  /** The text of a number that `add` returned. */
  at(number: number): string
  readonly size: number
  /** What it holds in memory, in bytes. */
  readonly bytes: number
}

const chunkBytes = 1 << 22
/** A position is the number of its chunk times this, plus the offset in it. */
const span = 2 ** 32

export function createTextStore(): TextStore {
  const chunks: Buffer[] = []
  let chunk = Buffer.alloc(0)
  let used = 0
  let held = 0
  let positions = new Float64Array(1024)
  let size = 0

  function room(atMost: number): void {
    if (used + atMost <= chunk.length) return
    chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, atMost))
    chunks.push(chunk)
    held += chunk.length
    used = 0
  }

  return {
    add(text) {
      // Three bytes a character is the most that UTF-8 takes of a UTF-16 unit; counted only when it matters.
      const most = 4 + text.length * 3
      if (used + most > chunk.length) room(4 + Buffer.byteLength(text))
      const length = chunk.write(text, used + 4)
      chunk.writeUInt32LE(length, used)
      if (size === positions.length) positions = grown(positions)
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
    get bytes() {
      return held + positions.byteLength
    },
  }
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2)
  larger.set(array)
  return larger
}
