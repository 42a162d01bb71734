import { constants, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CliError } from '../errors.ts'
import { diskError } from './errors.ts'
import { syncFolder } from './folders.ts'
import { wholeLength } from './lines.ts'
import { openRegular } from './regular.ts'

/** A file that only grows. One process at a time: its callers hold a lock. */
export interface Append {
  /**
   * Adds whole lines behind all that were handed in before. Resolves when they are written; `durable` when they are
   * on the disk, with one fsync for all who wait. An empty text only waits for what came before.
   * Once the disk has refused, every call fails: nothing is written behind a gap.
   */
  append(text: string, durable: boolean): Promise<void>
  /** Bytes written so far, those that were there at opening included. */
  size(): number
  /** Waits for everything, fsyncs, closes. Fails when any of it cannot be on the disk. */
  close(): Promise<void>
}

/** What is used of an open file. */
export type AppendFile = Pick<FileHandle, 'writeFile' | 'datasync' | 'truncate' | 'close'>

/**
 * Opens a file for appending, 0600 (narrowed where it was wider), made where it is missing. A last line without its
 * `\n`, torn by a crash, is cut off.
 *
 * @param whole how many bytes are kept where the caller knows: its texts need not be lines then
 * @throws CliError `local_error` when the disk refuses
 */
export async function openAppend(path: string, whole?: number): Promise<Append> {
  let file: FileHandle | undefined
  try {
    file = await openRegular(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT)
    const { size } = await file.stat()
    const start = whole ?? (await wholeLength(file, size))
    if (start < size) await file.truncate(start)
    await syncFolder(dirname(path))
    return startAppend(file, path, start, whole === undefined)
  } catch (error) {
    await file?.close()
    throw diskError('write', path, error)
  }
}

interface Waiting {
  readonly bytes: Buffer
  readonly durable: boolean
  resolve(): void
  reject(error: unknown): void
}

/**
 * Group commit over a file that stands at its end.
 *
 * @param path for messages
 * @param start its size in bytes
 * @param isLines whether every text has to be whole lines
 */
export function startAppend(file: AppendFile, path: string, start: number, isLines = true): Append {
  let size = start
  let queue: Waiting[] = []
  let written: Waiting[] = []
  let writing: Promise<void> | undefined
  let syncing: Promise<void> | undefined
  let failure: CliError | undefined
  let closed: Promise<void> | undefined

  // One writer and one syncer run side by side, so that what need not be
  // durable does not wait for the fsync of what must be.
  async function write(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue
      queue = []
      const bytes = Buffer.concat(batch.map((one) => one.bytes))
      try {
        await file.writeFile(bytes)
        size += bytes.length
      } catch (error) {
        // A reader must not take a part of it for done.
        await file.truncate(size).catch(() => undefined)
        fail(error, batch)
        break
      }
      // An fsync may have failed meanwhile.
      if (failure) {
        fail(failure, batch)
        break
      }
      for (const one of batch) if (!one.durable) one.resolve()
      written.push(...batch.filter((one) => one.durable))
      if (written.length > 0) syncing ??= sync()
    }
    // Cleared in the same step in which the queue was seen empty: a later caller starts a new writer.
    writing = undefined
  }

  async function sync(): Promise<void> {
    while (written.length > 0) {
      const batch = written
      written = []
      try {
        await file.datasync()
      } catch (error) {
        fail(error, batch)
        break
      }
      for (const one of batch) one.resolve()
    }
    syncing = undefined
  }

  // After a failed fsync the system may have dropped the pages: what was written
  // since the last good one is unknown, so the file is not used any more.
  function fail(error: unknown, batch: readonly Waiting[]): void {
    failure ??= diskError('write', path, error)
    const all = [...batch, ...written, ...queue]
    written = []
    queue = []
    for (const one of all) one.reject(failure)
  }

  async function end(): Promise<void> {
    try {
      while (writing || syncing) await (writing ?? syncing)
      if (!failure) await file.datasync().catch((error: unknown) => fail(error, []))
    } finally {
      await file.close()
    }
    if (failure) throw failure
  }

  return {
    append(text, durable) {
      if (closed) return Promise.reject(new Error(`append to ${path} after it was closed`))
      if (failure) return Promise.reject(failure)
      if (isLines && text !== '' && !text.endsWith('\n'))
        return Promise.reject(new Error('append takes whole lines'))
      return new Promise((resolve, reject) => {
        queue.push({ bytes: Buffer.from(text), durable, resolve, reject })
        // Begun on the next microtask: all who call in this one share the write.
        writing ??= Promise.resolve().then(write)
      })
    },
    size: () => size,
    close() {
      closed ??= end()
      return closed
    },
  }
}
