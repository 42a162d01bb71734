import { type FileHandle, link, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32, createGzip } from 'node:zlib'
import { openAppend } from './append.ts'
import { diskError, errorCode } from './errors.ts'
import { syncFolder } from './folders.ts'
import { chunksOf, type WholeLine, wholeLength, wholeLines } from './lines.ts'
import { checkReplaceable, newFile, openRegular } from './regular.ts'
import { replaceFile } from './replace.ts'

/**
 * A partial file: it grows page by page next to its target, and a log with a line per page records how far it is
 * complete, so that it can be resumed after a crash.
 */
export interface Part {
  /**
   * Appends a page, and its state to the log. Both are written when it resolves, so that neither is lost if the process
   * is killed. One call at a time.
   *
   * @throws CliError `local_error` if the disk fails
   */
  add(text: string, state: object): Promise<void>
  /** Waits until every page is on disk, and closes. Throws CliError `local_error` if the disk fails. */
  finish(): Promise<void>
  /** Closes it, to be resumed later. Does not throw. */
  leave(): Promise<void>
}

/** The paths of the files that belong to a partial file. */
export interface PartPaths {
  readonly part: string
  readonly log: string
  readonly lock: string
  /** The compressed part, before it is moved to the target. */
  readonly packed: string
}

/** How much of each file is complete; bytes. */
export interface Whole {
  readonly part: number
  readonly log: number
}

export function partPaths(target: string): PartPaths {
  const part = `${target}.part`
  return { part, log: `${part}.log`, lock: `${part}.lock`, packed: `${part}.gz` }
}

/**
 * Starts over with only the first line of the log, and removes leftovers. Both files are 0600. The caller holds the lock.
 * Throws CliError `local_error` if the disk fails.
 */
export async function beginPart(paths: PartPaths, header: object): Promise<Part> {
  await removePart(paths)
  const line = `${JSON.stringify(header)}\n`
  // The log is created first: a part without one is not ours.
  await replaceFile(paths.log, line)
  return continuePart(paths, { part: 0, log: Buffer.byteLength(line) })
}

/** Continues after `whole`, and truncates the rest of both files. Throws CliError `local_error` if the disk fails. */
export async function continuePart(paths: PartPaths, whole: Whole): Promise<Part> {
  const part = await openAppend(paths.part, whole.part)
  const log = await openAppend(paths.log, whole.log).catch(async (error: unknown) => {
    await part.close()
    throw error
  })
  return {
    async add(text, state) {
      const bytes = Buffer.from(text)
      const line = JSON.stringify({ size: part.size() + bytes.length, crc: crc32(bytes), page: state })
      // Concurrently, since the checksum detects an incomplete page.
      await Promise.all([part.append(text, false), log.append(`${line}\n`, false)])
    },
    async finish() {
      await Promise.all([part.close(), log.close()])
    },
    async leave() {
      await Promise.allSettled([part.close(), log.close()])
    },
  }
}

/** Removes the part and its log, if they exist. Throws CliError `local_error` if the disk fails. */
export async function removePart(paths: PartPaths): Promise<void> {
  try {
    // The log is removed last: a part without a log is not ours, and would never be removed.
    const all = [paths.packed, paths.part, paths.log]
    for (const path of all) await checkReplaceable(path)
    for (const path of all) await rm(path, { force: true })
  } catch (error) {
    throw diskError('remove', paths.part, error)
  }
}

/** What an interrupted export left behind. `foreign`: a file at the part's path without a log of ours. */
export type Leftover = 'nothing' | 'part' | 'foreign'

/** Changes nothing. Throws CliError `local_error` if the disk fails. */
export async function leftoverOf({ part, log }: PartPaths): Promise<Leftover> {
  let file: FileHandle | undefined
  try {
    const [partSize = 0, logSize] = [await sizeOf(part), await sizeOf(log)]
    if (logSize !== undefined) {
      file = await openRegular(log)
      // The log is started before the part, so without its first line no page was written.
      if ((await wholeLength(file, logSize)) > 0) return 'part'
    }
    return partSize === 0 ? 'nothing' : 'foreign'
  } catch (error) {
    throw diskError('read', part, error)
  } finally {
    await file?.close()
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  await checkReplaceable(path)
  return (await stat(path).catch(absent))?.size
}

function absent(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error
}

/** Validates the contents of a part's log. */
export interface PartReader {
  /** Takes the first line. Throws if the part cannot be resumed. */
  header(value: unknown): void
  /** Takes a page's state. Returns false if it is invalid: the part then counts as complete up to the page before. */
  page(value: unknown): boolean
}

/**
 * Reads a part's log and checks the part against it: a page is complete if all its bytes are intact. After a power cut,
 * either file may be the shorter one. Resolves with how much of both is complete.
 *
 * @throws what `header` throws · CliError `local_error` if the disk fails
 */
export async function readPart(paths: PartPaths, reader: PartReader): Promise<Whole> {
  let log: FileHandle | undefined
  let part: FileHandle | undefined
  let whole: Whole = { part: 0, log: 0 }
  try {
    log = await openRegular(paths.log)
    // It is missing after a crash before the first page.
    part = await openRegular(paths.part).catch(absent)
    for await (const lines of wholeLines(log)) {
      for (const line of lines) {
        const size = line.number === 1 ? 0 : await pageEnd(part, line, whole.part, reader)
        if (size === undefined) return whole
        if (line.number === 1) reader.header(parsed(line))
        whole = { part: size, log: line.start + Buffer.byteLength(line.text ?? '') + 1 }
      }
    }
    return whole
  } catch (error) {
    throw diskError('read', paths.part, error)
  } finally {
    await log?.close()
    await part?.close()
  }
}

/** Where a page ends in the part; undefined if it is incomplete or its log line is invalid. */
async function pageEnd(
  part: FileHandle | undefined,
  line: WholeLine,
  start: number,
  reader: PartReader,
): Promise<number | undefined> {
  const entry = parsed(line)
  if (part === undefined || typeof entry !== 'object' || entry === null) return undefined
  const { size, crc, page } = entry as { size?: unknown; crc?: unknown; page?: unknown }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < start) return undefined
  // Checked before allocating, since the size may be corrupt.
  if (size > (await part.stat()).size) return undefined
  const bytes = Buffer.allocUnsafe(size - start)
  const { bytesRead } = await part.read(bytes, 0, bytes.length, start)
  if (bytesRead < bytes.length || crc32(bytes) !== crc) return undefined
  return reader.page(page) ? size : undefined
}

function parsed({ text }: WholeLine): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/**
 * Atomically moves a finished file to its target, and waits until that is on disk. Returns false, and changes nothing, if
 * the target exists and `overwrite` is not set.
 *
 * @throws CliError `local_error` if the disk fails
 */
export async function place(from: string, target: string, overwrite: boolean): Promise<boolean> {
  try {
    if (overwrite) await rename(from, target)
    else {
      // Unlike `rename`, `link` does not overwrite.
      await link(from, target)
      await rm(from)
    }
    await syncFolder(dirname(target))
    return true
  } catch (error) {
    if (!overwrite && errorCode(error) === 'EEXIST') return false
    throw diskError('write', target, error)
  }
}

/**
 * Compresses a file into another one, which is 0600 and on disk when this resolves. On abort, stops and removes it.
 * Throws the signal's reason · CliError `local_error` if the disk fails.
 */
export async function pack(from: string, to: string, signal: AbortSignal): Promise<void> {
  const opened: FileHandle[] = []
  let writeError: unknown
  try {
    await checkReplaceable(to)
    await rm(to, { force: true })
    const source = await openRegular(from)
    opened.push(source)
    const target = await openRegular(to, newFile)
    opened.push(target)
    const write = async (compressed: AsyncIterable<Uint8Array>): Promise<void> => {
      try {
        for await (const piece of compressed) await target.writeFile(piece)
      } catch (error) {
        // The pipeline would report only that the other stages were aborted.
        writeError = error
        throw error
      }
    }
    await pipeline(chunksOf(source), createGzip(), write, { signal })
    await target.sync()
  } catch (error) {
    // An existing file that could not be replaced is not ours to remove.
    if (opened.length === 2) await rm(to, { force: true }).catch(() => undefined)
    signal.throwIfAborted()
    throw diskError('write', to, writeError ?? error)
  } finally {
    for (const file of opened) await file.close()
  }
}
