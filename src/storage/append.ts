import { constants, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CliError } from '../errors.ts'
import { diskError } from './errors.ts'
import { syncFolder } from './folders.ts'
import { wholeLength } from './lines.ts'
import { openRegular } from './regular.ts'

/** An append-only file. Only one process may write it: callers hold a lock. */
export interface Append {
  /**
   * Appends whole lines, in the order of the calls. Resolves when they are written, or with `durable`, when they are on
   * disk, with one fsync for all concurrent callers. An empty text only waits for earlier writes. After a failure, every
   * call fails, so that nothing is written after a gap.
   */
  append(text: string, durable: boolean): Promise<void>
  /** The size of the file in bytes, including what it contained when it was opened. */
  size(): number
  /** Waits for all writes, fsyncs and closes. Fails if any data could not be written to disk. */
  close(): Promise<void>
}

/** The methods used of an open file. */
export type AppendFile = Pick<FileHandle, 'writeFile' | 'datasync' | 'truncate' | 'close'>

/**
 * Opens a file for appending, and creates it if it is missing. Its mode becomes 0600. An incomplete last line, left by
 * a crash, is truncated.
 * @param whole how many bytes to keep; texts need not be whole lines then
 * @throws CliError `local_error` if the disk fails
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

interface Pending {
  readonly bytes: Buffer
  readonly durable: boolean
  resolve(): void
  reject(error: unknown): void
}

/**
 * Group commit to a file that is opened for appending.
 * @param path for messages
 * @param start its size in bytes
 * @param isLines whether every text must be whole lines
 */
export function startAppend(file: AppendFile, path: string, start: number, isLines = true): Append {
  let size = start
  let queue: Pending[] = []
  let written: Pending[] = []
  let writing: Promise<void> | undefined
  let syncing: Promise<void> | undefined
  let failure: CliError | undefined
  let closed: Promise<void> | undefined

  // One writer and one syncer run concurrently, so that other writes do not wait for an fsync.
  async function write(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue
      queue = []
      const bytes = Buffer.concat(batch.map((one) => one.bytes))
      try {
        await file.writeFile(bytes)
        size += bytes.length
      } catch (error) {
        // A reader must not see part of a batch.
        await file.truncate(size).catch(() => undefined)
        fail(error, batch)
        break
      }
      // An fsync may have failed in the meantime.
      if (failure) {
        fail(failure, batch)
        break
      }
      for (const one of batch) if (!one.durable) one.resolve()
      written.push(...batch.filter((one) => one.durable))
      if (written.length > 0) syncing ??= sync()
    }
    // No `await` since the queue was empty, so a later caller starts a new writer.
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

  // After a failed fsync, the system may have dropped any write since the last successful one, so the file is no longer
  // used.
  function fail(error: unknown, batch: readonly Pending[]): void {
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
        // Starts in the next microtask, so that all calls in this one share the write.
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
