import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'

/** A line of a file that is ended by its `\n`, which is not part of the text. */
export interface WholeLine {
  /** Undefined where the bytes are no UTF-8. */
  readonly text: string | undefined
  /** From 1. */
  readonly number: number
  /** Where it begins, in bytes. */
  readonly start: number
}

/** How much is read at a time; bytes. A line may be longer. */
const chunkSize = 256 * 1024

/**
 * The whole lines of a file, from its beginning, as many at a time as one read
 * brings. What stands behind the last `\n` is still being written, or torn, and
 * is left out. Throws the system's own errors.
 */
export async function* wholeLines(file: FileHandle, size = chunkSize): AsyncGenerator<WholeLine[]> {
  let rest: Buffer[] = []
  let restLength = 0
  let number = 0
  const buffer = Buffer.allocUnsafe(size)
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, size, position)
    if (bytesRead === 0) return
    const chunk = buffer.subarray(0, bytesRead)
    const end = chunk.lastIndexOf(0x0a) + 1
    if (end > 0) {
      const block = Buffer.concat([...rest, chunk.subarray(0, end)])
      const lines = split(block, number, position - restLength)
      number += lines.length
      yield lines
      rest = []
      restLength = 0
    }
    // A copy: the buffer is read into again.
    if (end < bytesRead) rest.push(Buffer.from(chunk.subarray(end)))
    restLength += bytesRead - end
    position += bytesRead
  }
}

function split(block: Buffer, before: number, start: number): WholeLine[] {
  const lines: WholeLine[] = []
  const valid = isUtf8(block)
  for (let from = 0; from < block.length; ) {
    const end = block.indexOf(0x0a, from)
    const bytes = block.subarray(from, end)
    const text = valid || isUtf8(bytes) ? bytes.toString() : undefined
    lines.push({ text, number: before + lines.length + 1, start: start + from })
    from = end + 1
  }
  return lines
}

/**
 * Reads single lines by where they begin. Lines that lie close together, asked
 * for in about the order of the file, cost one read. Throws the system's own errors.
 */
export function createLineAt(file: FileHandle): (start: number) => Promise<string> {
  let buffer = Buffer.allocUnsafe(chunkSize)
  let window = buffer.subarray(0, 0)
  let windowStart = 0
  return async (start) => {
    for (let size = chunkSize; ; size *= 4) {
      if (size > buffer.length) buffer = Buffer.allocUnsafe(size)
      const from = start - windowStart
      const end = from >= 0 && from < window.length ? window.indexOf(0x0a, from) : -1
      if (end >= 0) return window.toString('utf8', from, end)
      const { bytesRead } = await file.read(buffer, 0, size, start)
      if (bytesRead === 0) throw new Error(`no line at byte ${start}`)
      window = buffer.subarray(0, bytesRead)
      windowStart = start
      if (bytesRead < size && window.indexOf(0x0a) < 0) throw new Error(`no whole line at byte ${start}`)
    }
  }
}
