import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'

/** A complete line of a file, without its `\n`. */
export interface WholeLine {
  /** Undefined if the bytes are not UTF-8. */
  readonly text: string | undefined
  /** From 1. */
  readonly number: number
  /** Its offset in bytes. */
  readonly start: number
}

const newline = 0x0a
/** How much is read at a time; bytes. A line may be longer. */
const chunkSize = 256 * 1024
/** How much is read at a time from the end backwards; bytes. */
const tailSize = 64 * 1024

/**
 * Reads an open file from its start, independently of the file's position; may be called again.
 * @throws the signal's reason on abort · system errors
 */
export async function* chunksOf(
  file: Pick<FileHandle, 'read'>,
  signal?: AbortSignal,
  size = 64 * 1024,
): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    signal?.throwIfAborted()
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, position)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    position += bytesRead
  }
}

/**
 * Yields the complete lines of a file from its start, in batches of one read each. Text after the last `\n` is incomplete
 * and is skipped. Throws system errors.
 */
export async function* wholeLines(file: FileHandle, size = chunkSize): AsyncGenerator<WholeLine[]> {
  let rest: Uint8Array[] = []
  let number = 0
  let start = 0
  for await (const chunk of chunksOf(file, undefined, size)) {
    const end = chunk.lastIndexOf(newline) + 1
    if (end > 0) {
      const block = Buffer.concat([...rest, chunk.subarray(0, end)])
      const lines = split(block, number, start)
      number += lines.length
      start += block.length
      yield lines
      rest = []
    }
    if (end < chunk.length) rest.push(chunk.subarray(end))
  }
}

function split(block: Buffer, before: number, start: number): WholeLine[] {
  const lines: WholeLine[] = []
  const valid = isUtf8(block)
  for (let from = 0; from < block.length; ) {
    const end = block.indexOf(newline, from)
    const bytes = block.subarray(from, end)
    const text = valid || isUtf8(bytes) ? bytes.toString() : undefined
    lines.push({ text, number: before + lines.length + 1, start: start + from })
    from = end + 1
  }
  return lines
}

/**
 * Returns a function that reads a line by its offset. Nearby lines that are requested roughly in file order share one
 * read. Throws system errors.
 */
export function createLineAt(file: FileHandle): (start: number) => Promise<string> {
  let window = Buffer.alloc(0)
  let windowStart = 0
  return async (start) => {
    for (let size = chunkSize; ; size *= 4) {
      const from = start - windowStart
      const end = from >= 0 && from < window.length ? window.indexOf(newline, from) : -1
      if (end >= 0) return window.toString('utf8', from, end)
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, start)
      window = buffer.subarray(0, bytesRead)
      windowStart = start
      if (bytesRead < size && !window.includes(newline)) throw new Error(`no whole line at byte ${start}`)
    }
  }
}

/**
 * Where the last complete line of an open file ends: just after the last `\n` before `end`, or 0 if there is none.
 * Throws system errors.
 */
export async function wholeLength(file: FileHandle, end: number): Promise<number> {
  const chunk = Buffer.alloc(Math.min(end, tailSize))
  for (let stop = end; stop > 0; ) {
    const start = Math.max(0, stop - chunk.length)
    const { bytesRead } = await file.read(chunk, 0, stop - start, start)
    const found = chunk.subarray(0, bytesRead).lastIndexOf(newline)
    if (found >= 0) return start + found + 1
    stop = start
  }
  return 0
}

/**
 * The last complete line of an open file without its `\n`, or undefined if it does not start in the last 64 KiB: callers
 * want only short lines. Throws system errors.
 */
export async function lastLine(file: FileHandle): Promise<string | undefined> {
  const end = await wholeLength(file, (await file.stat()).size)
  const from = Math.max(0, end - tailSize)
  const tail = Buffer.alloc(end - from)
  await file.read(tail, 0, tail.length, from)
  const start = tail.subarray(0, -1).lastIndexOf(newline) + 1
  return end === 0 || (start === 0 && from > 0) ? undefined : tail.toString('utf8', start, tail.length - 1)
}
