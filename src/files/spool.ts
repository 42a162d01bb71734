import { type BigIntStats, fstatSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { diskError } from '../storage/errors.ts'
import { chunksOf } from '../storage/lines.ts'
import type { Owner } from '../storage/process.ts'
import { openScratch } from '../storage/scratch.ts'
import { visible } from '../visible.ts'
import { openInput, type Source, unreadable } from './source.ts'

/** An input that can be read as often as needed. */
export interface TwiceReadable {
  /** How messages call it. */
  readonly name: string
  /** All of it, from the beginning. Ends with the signal's reason when that aborts. */
  read(): AsyncGenerator<Uint8Array>
  /** Whether this path, however it is spelled, leads to the file that is read; standard input may be one. */
  isFile(path: string): Promise<boolean>
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
 * it is held open, so that another file of its name changes nothing. Anything else is spooled into a private file
 * that is gone when the process is, however it ends (docs/contract.md#import).
 *
 * @throws CliError `usage` where it cannot be read · `local_error` where the disk has no room for it · the signal's reason
 */
export async function openTwice(path: string, options: SpoolOptions): Promise<TwiceReadable> {
  const { stdin, signal } = options
  const file = path === '-' ? undefined : await regularFile(path)
  if (file !== undefined) return inPlace(file, path, signal)
  // Asked first: who has read all of it may close it.
  const input = path === '-' ? standardInput(stdin) : undefined
  return spooled(await openInput(path, stdin, signal), input, options)
}

async function regularFile(path: string): Promise<FileHandle | undefined> {
  try {
    return (await stat(path)).isFile() ? await open(path) : undefined
  } catch (error) {
    throw unreadable(visible(path), error)
  }
}

/** What standard input is, where it is something of the system's. */
function standardInput(stdin: NodeJS.ReadableStream): BigIntStats | undefined {
  return 'fd' in stdin && typeof stdin.fd === 'number' ? fstatSync(stdin.fd, { bigint: true }) : undefined
}

async function isSame(path: string, { dev, ino }: BigIntStats): Promise<boolean> {
  const there = await stat(path, { bigint: true }).catch(() => undefined)
  return there !== undefined && there.dev === dev && there.ino === ino
}

function inPlace(file: FileHandle, path: string, signal: AbortSignal): TwiceReadable {
  const name = visible(path)
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
    async isFile(other) {
      // Another file may have taken its name meanwhile.
      return resolve(other) === resolve(path) || isSame(other, await file.stat({ bigint: true }))
    },
    close() {
      closed ??= file.close()
      return closed
    },
  }
}

async function spooled(
  { bytes, name }: Source,
  input: BigIntStats | undefined,
  { folder, owner, signal }: SpoolOptions,
): Promise<TwiceReadable> {
  const scratch = await openScratch(folder, owner)
  try {
    for await (const chunk of bytes) await scratch.write(chunk)
  } catch (error) {
    await scratch.close()
    throw error
  }
  return {
    name,
    read: () => scratch.read(signal),
    isFile: async (path) => input !== undefined && isSame(path, input),
    close: () => scratch.close(),
  }
}
