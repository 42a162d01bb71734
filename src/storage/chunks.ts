import type { FileHandle } from 'node:fs/promises'

/** How much is read at a time; bytes. */
const chunkSize = 64 * 1024

/**
 * All of an open file from its beginning, wherever it is written meanwhile. May be called again, for the same bytes
 * another time. Throws the signal's reason when that aborts, and the system's own errors.
 */
export async function* chunksOf(
  file: Pick<FileHandle, 'read'>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    signal?.throwIfAborted()
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, position)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    position += bytesRead
  }
}
