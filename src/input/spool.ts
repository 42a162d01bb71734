import { type FileHandle, open, stat } from 'node:fs/promises'
import { chunksOf } from '../disk/chunks.ts'
import { diskError } from '../disk/errors.ts'
import type { Owner } from '../disk/process.ts'
import { openScratch } from '../disk/scratch.ts'
import { visible } from '../visible.ts'
import { openInput, type Source, unreadable } from './source.ts'

/** An input that can be read as often as needed. */
export interface TwiceReadable {
  /** How messages call it. */
  readonly name: string
  /** All of it, from the beginning. Ends with the signal's reason when that aborts. */
  read(): AsyncGenerator<Uint8Array>
  /** Closes it, and erases what was spooled. May be called twice. */
  close(): Promise<void>
}

export interface SpoolOptions {
  readonly stdin: NodeJS.ReadableStream
  readonly signal: AbortSignal
  /** Where standard input and pipes are spooled; made if it is missing. */
  readonly folder: string
  readonly owner: Pick<Owner, 'pid' | 'host'>
}

/**
 * Opens a file, or standard input for `-`, to be checked first and sent afterwards. A regular file is read in place;
 * it is held open, so that another file of its name changes nothing. Anything else is spooled into a private file that
 * is gone when the process is, however it ends (issue "Bulk", 1).
 *
 * @throws CliError `usage` where it cannot be read · `api_error` where the disk has no room for it · the signal's reason
 */
export async function openTwice(path: string, options: SpoolOptions): Promise<TwiceReadable> {
  const { stdin, signal } = options
  const file = path === '-' ? undefined : await regularFile(path)
  if (file !== undefined) return inPlace(file, visible(path), signal)
  return spooled(await openInput(path, stdin, signal), options)
}

async function regularFile(path: string): Promise<FileHandle | undefined> {
  try {
    return (await stat(path)).isFile() ? await open(path) : undefined
  } catch (error) {
    throw unreadable(visible(path), error)
  }
}

function inPlace(file: FileHandle, name: string, signal: AbortSignal): TwiceReadable {
  let closed: Promise<void> | undefined
  return {
    name,
    async *read() {
      try {
        yield* chunksOf(file, signal)
      } catch (error) {
        signal.throwIfAborted()
        throw diskError('read', name, error)
      }
    },
    close() {
      closed ??= file.close()
      return closed
    },
  }
}

async function spooled(
  { bytes, name }: Source,
  { folder, owner, signal }: SpoolOptions,
): Promise<TwiceReadable> {
  const scratch = await openScratch(folder, owner)
  try {
    for await (const chunk of bytes) await scratch.write(chunk)
  } catch (error) {
    await scratch.close()
    throw error
  }
  return { name, read: () => scratch.read(signal), close: () => scratch.close() }
}
