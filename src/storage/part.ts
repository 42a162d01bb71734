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
 * A partial file: it grows page by page beside the place where it will stand, and a log keeps in a line a page how far
 * it is whole, so that it can be resumed after a crash.
 */
export interface Part {
  /**
   * Adds a page, and to the log what is to be remembered of it. Both are with the system when it resolves, so that a
   * process that is killed next loses neither. One call at a time.
   *
   * @throws CliError `local_error` when the disk refuses
   */
  add(text: string, remembered: object): Promise<void>
  /** Waits until every page is on the disk, and closes. Throws CliError `local_error` when the disk refuses. */
  finish(): Promise<void>
  /** Closes as it is, to be resumed later. Does not throw. */
  leave(): Promise<void>
}

/** Where everything stands that belongs to a partial file. */
export interface PartPaths {
  readonly part: string
  readonly log: string
  readonly lock: string
  /** The compressed part, just before it takes its place. */
  readonly packed: string
}

/** How far a part is whole; bytes. */
export interface Whole {
  readonly part: number
  readonly log: number
}

export function partPaths(target: string): PartPaths {
  const part = `${target}.part`
  return { part, log: `${part}.log`, lock: `${part}.lock`, packed: `${part}.gz` }
}

/**
 * Begins anew with nothing but the first line of the log; what was left there is gone. Both files are 0600.
 * The caller holds the lock. Throws CliError `local_error` when the disk refuses.
 */
export async function beginPart(paths: PartPaths, header: object): Promise<Part> {
  await removePart(paths)
  const line = `${JSON.stringify(header)}\n`
  // The log comes first: a part without one is not ours.
  await replaceFile(paths.log, line)
  return continuePart(paths, { part: 0, log: Buffer.byteLength(line) })
}

/** Goes on behind what is whole; the rest of both files is cut off. Throws CliError `local_error` when the disk refuses. */
export async function continuePart(paths: PartPaths, whole: Whole): Promise<Part> {
  const part = await openAppend(paths.part, whole.part)
  const log = await openAppend(paths.log, whole.log).catch(async (error: unknown) => {
    await part.close()
    throw error
  })
  return {
    async add(text, remembered) {
      const bytes = Buffer.from(text)
      const line = JSON.stringify({ size: part.size() + bytes.length, crc: crc32(bytes), page: remembered })
      // Side by side: the checksum tells a page that was not written whole.
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

/** Removes the part and its log, as far as they are there. Throws CliError `local_error` when the disk refuses. */
export async function removePart(paths: PartPaths): Promise<void> {
  try {
    // The log goes last: a part without a log is not ours, and would never be removed.
    const all = [paths.packed, paths.part, paths.log]
    for (const path of all) await checkReplaceable(path)
    for (const path of all) await rm(path, { force: true })
  } catch (error) {
    throw diskError('remove', paths.part, error)
  }
}

/** What an interrupted export left. `foreign`: something stands at the part's place that has no log of ours. */
export type Leftover = 'nothing' | 'part' | 'foreign'

/** Looks at what is there, and changes nothing. Throws CliError `local_error` when the disk refuses. */
export async function leftoverOf({ part, log }: PartPaths): Promise<Leftover> {
  let file: FileHandle | undefined
  try {
    const [partSize = 0, logSize] = [await sizeOf(part), await sizeOf(log)]
    if (logSize !== undefined) {
      file = await openRegular(log)
      // The log is begun before the part, so that without its first line no page was ever written.
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

/** Takes what a part's log holds. */
export interface PartReader {
  /** The first line. Throws where the part cannot be resumed. */
  header(value: unknown): void
  /** What was remembered of a page. False where it is not understood: the part counts as whole up to the page before. */
  page(value: unknown): boolean
}

/**
 * Reads a part's log, and holds the part against it: a page counts when all its bytes are there as they were written.
 * After a power cut either file may be the shorter one. Resolves with how far both are whole.
 *
 * @throws what `header` throws · CliError `local_error` when the disk refuses
 */
export async function readPart(paths: PartPaths, reader: PartReader): Promise<Whole> {
  let log: FileHandle | undefined
  let part: FileHandle | undefined
  let whole: Whole = { part: 0, log: 0 }
  try {
    log = await openRegular(paths.log)
    // Missing after a crash before the first page.
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

/** Where a page ends in the part, when it is there; undefined when it is not, or its line makes no sense. */
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
  // Asked first, so that a nonsensical size asks for no memory.
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
 * Gives a finished file its name, whole at once, and waits until the name is on the disk. False, and nothing changed,
 * where something has the name already and `overwrite` is not given.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function place(from: string, target: string, overwrite: boolean): Promise<boolean> {
  try {
    if (overwrite) await rename(from, target)
    else {
      // A link refuses to overwrite, which a rename cannot be told.
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
 * Compresses a file into another one, 0600 and on the disk when this resolves. Ends early, and removes it, when the
 * signal aborts. Throws the signal's reason · CliError `local_error` when the disk refuses.
 */
export async function pack(from: string, to: string, signal: AbortSignal): Promise<void> {
  const opened: FileHandle[] = []
  let refused: unknown
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
        refused = error
        throw error
      }
    }
    await pipeline(chunksOf(source), createGzip(), write, { signal })
    await target.sync()
  } catch (error) {
    // What was there before and could not be replaced is not ours to remove.
    if (opened.length === 2) await rm(to, { force: true }).catch(() => undefined)
    signal.throwIfAborted()
    throw diskError('write', to, refused ?? error)
  } finally {
    for (const file of opened) await file.close()
  }
}
