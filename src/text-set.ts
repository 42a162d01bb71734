/**
 * An exact set of short texts (ids, e-mails) that stays small at a million of them: about 40 bytes each for ids of
 * 25 characters, where a `Set<string>` takes well over 100. It numbers its texts from 0, in the order in which they
 * came.
 *
 * The texts themselves are kept, as UTF-8 in chunks of 1 MiB; an open-addressed table of 32-bit positions finds them.
 * Two texts of one hash are told apart by their bytes, so that a collision can never drop a customer (an id that
 * comes twice is dropped, no other: docs/contract.md#listing).
 */
export interface TextSet {
  /** True when the text was not there before. */
  add(text: string): boolean
  has(text: string): boolean
  /** The text's number; a new one where the text is new. */
  numberOf(text: string): number
  /** The text's number, or -1 when it is not there. */
  indexOf(text: string): number
  readonly size: number
  /** What it holds in memory, in bytes (texts beyond 64 KiB not counted). */
  readonly bytes: number
}

const chunkBytes = 1 << 20
/** A text's position is its chunk times this plus its offset in units of four bytes, plus one (0 is empty). */
const unitsPerChunk = chunkBytes >> 2
/** Before each text stand its length and its number. */
const lengthBytes = 2
const headBytes = lengthBytes + 4
/** Longer texts, in bytes, are kept apart: no id and no e-mail is one, but who knows what an account holds. */
const longestText = 0xffff

export function createTextSet(): TextSet {
  const chunks: Buffer[] = []
  let used = chunkBytes
  let table = new Uint32Array(1024)
  const long = new Map<string, number>()
  let size = 0

  function store(bytes: Buffer): number {
    const length = headBytes + bytes.length
    let chunk = chunks.at(-1)
    if (chunk === undefined || used + length > chunkBytes) {
      chunk = Buffer.allocUnsafe(chunkBytes)
      chunks.push(chunk)
      used = 0
    }
    const position = (chunks.length - 1) * unitsPerChunk + (used >> 2) + 1
    chunk.writeUInt16LE(bytes.length, used)
    chunk.writeUInt32LE(size, used + lengthBytes)
    bytes.copy(chunk, used + headBytes)
    used += (length + 3) & ~3
    return position
  }

  function isAt(position: number, bytes: Buffer): boolean {
    const chunk = chunks[Math.floor((position - 1) / unitsPerChunk)]
    if (chunk === undefined) return false
    const offset = ((position - 1) % unitsPerChunk) << 2
    if (chunk.readUInt16LE(offset) !== bytes.length) return false
    const start = offset + headBytes
    return chunk.compare(bytes, 0, bytes.length, start, start + bytes.length) === 0
  }

  /** The slot where the bytes are, or the empty one where they belong. */
  function slotOf(bytes: Buffer, within: Uint32Array): number {
    let slot = hash(bytes) & (within.length - 1)
    for (;;) {
      const position = within[slot] ?? 0
      if (position === 0 || isAt(position, bytes)) return slot
      slot = (slot + 1) & (within.length - 1)
    }
  }

  function grow(): void {
    const larger = new Uint32Array(table.length * 2)
    for (const position of table) {
      if (position === 0) continue
      let slot = hash(textAt(position)) & (larger.length - 1)
      while (larger[slot] !== 0) slot = (slot + 1) & (larger.length - 1)
      larger[slot] = position
    }
    table = larger
  }

  function textAt(position: number): Buffer {
    const chunk = chunks[Math.floor((position - 1) / unitsPerChunk)] ?? Buffer.alloc(headBytes)
    const offset = ((position - 1) % unitsPerChunk) << 2
    const start = offset + headBytes
    return chunk.subarray(start, start + chunk.readUInt16LE(offset))
  }

  function indexOf(text: string): number {
    const bytes = bytesOf(text)
    if (bytes.length > longestText) return long.get(text) ?? -1
    const position = table[slotOf(bytes, table)] ?? 0
    return position === 0 ? -1 : numberAt(position)
  }

  function numberAt(position: number): number {
    const chunk = chunks[Math.floor((position - 1) / unitsPerChunk)]
    const offset = ((position - 1) % unitsPerChunk) << 2
    return chunk?.readUInt32LE(offset + lengthBytes) ?? -1
  }

  function numberOfLong(text: string): number {
    const found = long.get(text)
    if (found !== undefined) return found
    long.set(text, size)
    size += 1
    return size - 1
  }

  function numberOf(text: string): number {
    const bytes = bytesOf(text)
    if (bytes.length > longestText) return numberOfLong(text)
    const slot = slotOf(bytes, table)
    const position = table[slot] ?? 0
    if (position !== 0) return numberAt(position)
    table[slot] = store(bytes)
    size += 1
    if (size * 4 > table.length * 3) grow()
    return size - 1
  }

  return {
    add(text) {
      const before = size
      return numberOf(text) === before
    },
    numberOf,
    has: (text) => indexOf(text) >= 0,
    indexOf,
    get size() {
      return size
    },
    get bytes() {
      return chunks.length * chunkBytes + table.byteLength
    },
  }
}

/** UTF-8 has no halves of surrogate pairs: texts that hold some would fall together, so they are spelled out. */
function bytesOf(text: string): Buffer {
  return Buffer.from(/^\0|\p{Cs}/u.test(text) ? `\0${JSON.stringify(text)}` : text)
}

/** FNV-1a with a final mix, since linear probing wants the low bits well spread. */
function hash(bytes: Buffer): number {
  let value = 0x811c9dc5
  for (let index = 0; index < bytes.length; index++) {
    value = Math.imul(value ^ (bytes[index] ?? 0), 0x01000193)
  }
  value ^= value >>> 15
  value = Math.imul(value, 0x2c1b3c6d)
  return (value ^ (value >>> 12)) >>> 0
}
