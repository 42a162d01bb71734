/**
 * A set of texts (ids, e-mails), numbered from 0 in insertion order. A million of them take about 45 MB; with plain
 * Maps, an import of 1,000,000 rows peaks at 780 MB instead of 210 (docs/decisions.md).
 */
export interface TextSet {
  /** Adds a text. True if it is new. */
  add(text: string): boolean
  has(text: string): boolean
  /** The number of the text, which is added if it is new. */
  numberOf(text: string): number
  /** The number of the text, or -1 if it is not in the set. */
  indexOf(text: string): number
  readonly size: number
}

const chunkBytes = 1 << 20

/**
 * Stores texts as UTF-8 in chunks of 1 MiB, with a hash table of their numbers. Texts with the same hash are compared
 * by their bytes, so that a collision never drops a customer.
 */
export function createTextSet(): TextSet {
  const chunks: Buffer[] = []
  let used = chunkBytes
  let size = 0
  /** Open addressing over numbers plus one; 0 is empty. */
  let table = new Uint32Array(1024)
  /** By number: the offset of a text over all chunks, in units of four bytes. The text follows its length. */
  let starts = new Uint32Array(1024)
  /** By number: the hash of a text, so that other texts are seldom compared, and none is read to grow. */
  let hashes = new Uint32Array(1024)
  /** Most texts are short: a new buffer for each takes longer than the rest. */
  const scratch = Buffer.alloc(256)

  /** The bytes of a text in UTF-8, until the next call. */
  function bytesOf(text: string): Buffer {
    return text.length * 3 > scratch.length ? Buffer.from(text) : scratch.subarray(0, scratch.write(text))
  }

  function store(bytes: Buffer, hash: number): void {
    const length = 4 + bytes.length
    if (used + length > chunkBytes) {
      chunks.push(Buffer.allocUnsafe(Math.max(chunkBytes, length)))
      used = 0
    }
    const chunk = chunks.at(-1) ?? Buffer.alloc(0)
    chunk.writeUInt32LE(bytes.length, used)
    bytes.copy(chunk, used + 4)
    starts[size] = ((chunks.length - 1) * chunkBytes + used) / 4
    hashes[size] = hash
    used += (length + 3) & ~3
    size += 1
  }

  function isAt(number: number, bytes: Buffer): boolean {
    const start = (starts[number] ?? 0) * 4
    const chunk = chunks[Math.floor(start / chunkBytes)] ?? Buffer.alloc(4)
    const from = (start % chunkBytes) + 4
    const length = chunk.readUInt32LE(from - 4)
    return length === bytes.length && chunk.compare(bytes, 0, length, from, from + length) === 0
  }

  /** The slot of a text, or the empty slot to put it in. */
  function slotOf(hash: number, bytes: Buffer): number {
    for (let slot = hash & (table.length - 1); ; slot = (slot + 1) & (table.length - 1)) {
      const entry = table[slot] ?? 0
      if (entry === 0 || (hashes[entry - 1] === hash && isAt(entry - 1, bytes))) return slot
    }
  }

  function grow(): void {
    const larger = new Uint32Array(table.length * 2)
    for (let number = 0; number < size; number++) {
      let slot = (hashes[number] ?? 0) & (larger.length - 1)
      while (larger[slot] !== 0) slot = (slot + 1) & (larger.length - 1)
      larger[slot] = number + 1
    }
    table = larger
    // More than there can be before it grows again.
    starts = grown(starts, (length) => new Uint32Array(length))
    hashes = grown(hashes, (length) => new Uint32Array(length))
  }

  function indexOf(text: string): number {
    const bytes = bytesOf(encoded(text))
    return (table[slotOf(hashOf(text), bytes)] ?? 0) - 1
  }

  function numberOf(text: string): number {
    const bytes = bytesOf(encoded(text))
    const hash = hashOf(text)
    const slot = slotOf(hash, bytes)
    const entry = table[slot] ?? 0
    if (entry !== 0) return entry - 1
    store(bytes, hash)
    table[slot] = size
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
  }
}

/** Escapes texts with lone surrogates, which UTF-8 would turn into the same replacement character. */
function encoded(text: string): string {
  return text.isWellFormed() && !text.startsWith('\0') ? text : `\0${JSON.stringify(text)}`
}

/**
 * FNV-1a of a text with a final mix, since linear probing needs well-distributed low bits; 32 bits, never 0.
 * @param before a hash to combine with
 */
export function hashOf(text: string, before = 0): number {
  let value = 0x811c9dc5 ^ before
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  value ^= value >>> 15
  value = Math.imul(value, 0x2c1b3c6d)
  value ^= value >>> 12
  return value >>> 0 || 1
}

/** The same numbers in a typed array with room for as many again. @param create makes one of a length */
export function grown<Numbers extends Uint8Array | Uint32Array | Float64Array>(
  numbers: Numbers,
  create: (length: number) => Numbers,
): Numbers {
  const larger = create(numbers.length * 2)
  larger.set(numbers)
  return larger
}
