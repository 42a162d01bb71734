import { constants, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CliError } from '../errors.ts'
import { diskError, errorCode } from './errors.ts'
import { syncFolder } from './folders.ts'
import { newFile, openRegular } from './regular.ts'
import { wholeLength } from './tail.ts'

/** A file that only grows, by whole lines. One process at a time: its callers hold a lock. */
export interface Append {
  /**
   * Adds lines, each ended by `\n`, after all that were handed in before.
   * Resolves when they are written; `durable` when they are on the disk, with
   * one fsync for all who wait. An empty text only waits for what came before.
   * Once the disk has refused, every call fails: nothing is written behind a gap.
   */
  append(lines: string, durable: boolean): Promise<void>
  /** Bytes written so far, those that were there at opening included. */
  size(): number
  /** Waits for all lines, fsyncs, closes. Fails when any of them cannot be on the disk. */
  close(): Promise<void>
}

/** What is used of an open file. */
export type AppendFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>

/**
 * Opens a file for appending, 0600 (narrowed where it was wider), made where it
 * is missing. A last line without its `\n`, torn by a crash, is cut off.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function openAppend(path: string): Promise<Append> {
  let file: FileHandle | undefined
  try {
    const opened = await openOrCreate(path)
    file = opened.file
    const stats = await file.stat()
    if ((stats.mode & 0o777) !== 0o600) await narrow(file)
    const whole = await wholeLength(file, stats.size)
    if (whole < stats.size) await file.truncate(whole)
    if (opened.created) await syncFolder(dirname(path))
    return startAppend(file, path, whole)
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

/** The most bytes that one write takes; one line may be longer. */
const writeSize = 4 * 1024 * 1024

/** Group commit over a file that stands at its end; `path` is for messages. */
export function startAppend(file: AppendFile, path: string, start: number): Append {
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
      const block = takeBlock()
      const whole = size
      try {
        await writeAll(Buffer.concat(block.map((one) => one.bytes)))
      } catch (error) {
        // Nobody acts on what could not be written whole: a reader must not take a part of it for done.
        await file.truncate(whole).catch(() => undefined)
        fail(error, block)
        break
      }
      const durable = block.filter((one) => one.durable)
      if (failure) {
        fail(failure, block)
        break
      }
      for (const one of block) if (!one.durable) one.resolve()
      written.push(...durable)
      if (written.length > 0) syncing ??= sync()
    }
    // Cleared in the same step in which the queue was seen empty: a later caller starts a new writer.
    writing = undefined
  }

  async function sync(): Promise<void> {
    while (written.length > 0) {
      const block = written
      written = []
      try {
        await file.datasync()
      } catch (error) {
        fail(error, block)
        break
      }
      for (const one of block) one.resolve()
    }
    syncing = undefined
  }

  /** All bytes, or an error: the system may take fewer at a time. */
  async function writeAll(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done)
      if (bytesWritten === 0) throw new Error('the disk takes no more bytes')
      done += bytesWritten
      size += bytesWritten
    }
  }

  function takeBlock(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const one of queue) {
      bytes += one.bytes.length
      if (count > 0 && bytes > writeSize) break
      count++
    }
    const block = count === queue.length ? queue : queue.slice(0, count)
    queue = count === queue.length ? [] : queue.slice(count)
    return block
  }

  // After a failed fsync the system may have dropped the pages: what was written
  // since the last good one is unknown, so the file is not used any more.
  function fail(error: unknown, block: readonly Waiting[]): void {
    failure ??= diskError('write', path, error)
    const all = [...block, ...written, ...queue]
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
    append(lines, durable) {
      if (closed) return Promise.reject(new Error(`append to ${path} after it was closed`))
      if (failure) return Promise.reject(failure)
      if (lines !== '' && !lines.endsWith('\n')) return Promise.reject(new Error('append takes whole lines'))
      return new Promise((resolve, reject) => {
        queue.push({ bytes: Buffer.from(lines), durable, resolve, reject })
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

async function openOrCreate(path: string): Promise<{ file: FileHandle; created: boolean }> {
  const flags = constants.O_RDWR | constants.O_APPEND
  try {
    return { file: await openRegular(path, newFile | constants.O_APPEND), created: true }
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    return { file: await openRegular(path, flags), created: false }
  }
}

async function narrow(file: FileHandle): Promise<void> {
  await file.chmod(0o600).catch((error: unknown) => {
    // A disk without modes; the folder is private all the same.
    if (!['EPERM', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error
  })
}
