/**
 * Numbers for texts, in the order in which they first came: 0, 1, 2, … Exact,
 * and small at a million: the texts stand one behind the other as UTF-8, and an
 * open-addressed table of 32-bit numbers finds them. About 40 bytes for an id
 * of 25 characters, where a `Map` takes three times that.
 */
export interface ItemTable {
  /** The number of a text; a new one where it is new. */
  numberOf(text: string): number
  readonly size: number
}

export function createItemTable(): ItemTable {
  let bytes = Buffer.alloc(4096)
  /** Where each text begins; the next one's beginning is its end. */
  let starts = new Uint32Array(256)
  /** Number plus one; 0 is empty. */
  let slots = new Uint32Array(512)
  let size = 0

  function isAt(number: number, text: Buffer): boolean {
    const start = starts[number] ?? 0
    if ((starts[number + 1] ?? 0) - start !== text.length) return false
    // Texts are short: a call into Node's own comparison takes longer than this.
    for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text[at]) return false
    return true
  }

  /** The slot where the text is, or the empty one where it belongs. */
  function slotOf(text: Buffer): number {
    let slot = hashOf(text) & (slots.length - 1)
    for (let found = slots[slot]; found && !isAt(found - 1, text); found = slots[slot]) {
      slot = (slot + 1) & (slots.length - 1)
    }
    return slot
  }

  function keep(text: Buffer): void {
    const start = starts[size] ?? 0
    if (start + text.length > bytes.length) {
      bytes = Buffer.concat([bytes], Math.max(bytes.length * 2, start + text.length))
    }
    text.copy(bytes, start)
    size++
    if (size === starts.length) {
      const longer = new Uint32Array(starts.length * 2)
      longer.set(starts)
      starts = longer
    }
    starts[size] = start + text.length
  }

  function grow(): void {
    slots = new Uint32Array(slots.length * 2)
    for (let number = 0; number < size; number++) {
      slots[slotOf(bytes.subarray(starts[number], starts[number + 1]))] = number + 1
    }
  }

  return {
    numberOf(text) {
      const encoded = encode(text)
      const slot = slotOf(encoded)
      const found = slots[slot]
      if (found) return found - 1
      keep(encoded)
      slots[slot] = size
      if (size * 4 > slots.length * 3) grow()
      return size - 1
    },
    get size() {
      return size
    },
  }
}

/** UTF-8 has no halves of surrogate pairs: texts that hold some would fall together, so they are spelled out. */
function encode(text: string): Buffer {
  return Buffer.from(/^\0|\p{Cs}/u.test(text) ? `\0${JSON.stringify(text)}` : text)
}

/** FNV-1a with a final mix: linear probing wants the low bits well spread. */
function hashOf(bytes: Buffer): number {
  let value = 0x811c9dc5
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193)
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  return (value ^ (value >>> 12)) >>> 0
}
