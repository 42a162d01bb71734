import type { FileHandle } from 'node:fs/promises'
import { diskError } from './errors.ts'
import { openRegular } from './regular.ts'

/** How much is read at a time, from the end backwards; bytes. */
const chunkSize = 64 * 1024

/**
 * Where the last whole line of an open file ends: just after the last `\n`
 * before `end`, or 0 where there is none. Throws the system's own errors.
 */
export async function wholeLength(file: FileHandle, end: number): Promise<number> {
  const chunk = Buffer.alloc(Math.min(end, chunkSize))
  for (let stop = end; stop > 0; ) {
    const start = Math.max(0, stop - chunk.length)
    const { bytesRead } = await file.read(chunk, 0, stop - start, start)
    const newline = chunk.subarray(0, bytesRead).lastIndexOf(0x0a)
    if (newline >= 0) return start + newline + 1
    stop = start
  }
  return 0
}

/**
 * The last whole line of a file without its `\n`, or undefined where it has
 * none. Only the end of the file is read. A line of more than `most` bytes is
 * undefined as well: nobody reads a megabyte to learn that it is not theirs.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function lastLine(path: string, most = chunkSize): Promise<string | undefined> {
  let file: FileHandle | undefined
  try {
    file = await openRegular(path)
    const end = await wholeLength(file, (await file.stat()).size)
    if (end === 0) return undefined
    const start = await wholeLength(file, end - 1)
    if (end - start > most) return undefined
    const line = Buffer.alloc(end - 1 - start)
    await file.read(line, 0, line.length, start)
    return line.toString()
  } catch (error) {
    throw diskError('read', path, error)
  } finally {
    await file?.close()
  }
}
