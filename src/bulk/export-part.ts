import { type FileHandle, link, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32, createGzip } from 'node:zlib'
import * as v from 'valibot'
import { openAppend } from '../storage/append.ts'
import { diskError, errorCode } from '../storage/errors.ts'
import { syncFolder } from '../storage/folders.ts'
import { chunksOf, type WholeLine, wholeLength, wholeLines } from '../storage/lines.ts'
import { checkReplaceable, newFile, openRegular } from '../storage/regular.ts'
import { replaceFile } from '../storage/replace.ts'

const count = v.pipe(v.number(), v.safeInteger())
const json = v.pipe(v.string(), v.parseJson())

/** The first line of a part's log. */
const headerLine = v.pipe(
  json,
  v.object({ v: v.literal(1), type: v.literal('export'), settings: v.record(v.string(), v.unknown()) }),
)

/** A page in the log. */
const page = v.object({
  /** Cursor of the next page; null at the end of the list. */
  cursor: v.nullable(v.string()),
  /** Customers written, and repeated ids, since the export started. */
  written: count,
  repeated: count,
  /** Ids read for the first time, including customers that the filters left out. */
  ids: v.array(v.string()),
})

/** `size` is where the page ends in the part, in bytes; `crc` is of its own bytes. */
const pageLine = v.pipe(json, v.object({ size: count, crc: v.number(), page }))

export type ExportSettings = Readonly<Record<string, unknown>>
export type LoggedPage = Readonly<v.InferOutput<typeof page>>

/**
 * A partly written export: it grows page by page next to its target, and a log with a line per page records how far it
 * is complete, so that it can be resumed after a crash.
 */
export interface Part {
  /**
   * Appends a page to the part and to the log. Both are written when it resolves, so that neither is lost if the
   * process is killed. One call at a time.
   * @throws CliError `local_error` if the disk fails
   */
  add(text: string, page: LoggedPage): Promise<void>
  /** Waits until every page is on disk, and closes. Throws CliError `local_error` if the disk fails. */
  finish(): Promise<void>
  /** Closes it, to be resumed later. Does not throw. */
  leave(): Promise<void>
}

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
export async function beginPart(paths: PartPaths, settings: ExportSettings): Promise<Part> {
  await removePart(paths)
  const line = `${JSON.stringify({ v: 1, type: 'export', settings })}\n`
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
    async add(text, page) {
      const bytes = Buffer.from(text)
      const line = JSON.stringify({ size: part.size() + bytes.length, crc: crc32(bytes), page })
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

/**
 * What an interrupted export left behind; `foreign` is a file at the part's path without a log of ours. Changes nothing.
 * Throws CliError `local_error` if the disk fails.
 */
export async function leftoverOf({ part, log }: PartPaths): Promise<'nothing' | 'part' | 'foreign'> {
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

/** What an interrupted export has written. */
export interface Written {
  readonly whole: Whole
  /** Undefined if the log is damaged, or was written by another version. */
  readonly settings: ExportSettings | undefined
  /** How many pages are complete, and the last of them. */
  readonly pages: number
  readonly last: LoggedPage | undefined
  /** Every id on these pages. */
  readonly seen: Set<string>
}

/**
 * Reads a part's log and checks the part against it: a page is complete if its log line is valid and all its bytes are
 * intact. After a power cut, either file may be the shorter one.
 * @throws CliError `local_error` if the disk fails
 */
export async function readPart(paths: PartPaths): Promise<Written> {
  let log: FileHandle | undefined
  let part: FileHandle | undefined
  const seen = new Set<string>()
  let written: Written = { whole: { part: 0, log: 0 }, settings: undefined, pages: 0, last: undefined, seen }
  try {
    log = await openRegular(paths.log)
    // It is missing after a crash before the first page.
    part = await openRegular(paths.part).catch(absent)
    for await (const lines of wholeLines(log)) {
      for (const line of lines) {
        const end = line.start + Buffer.byteLength(line.text ?? '') + 1
        if (line.number === 1) {
          const header = v.safeParse(headerLine, line.text)
          if (!header.success) return written
          written = { ...written, whole: { part: 0, log: end }, settings: header.output.settings }
          continue
        }
        const found = await wholePage(part, line, written.whole.part)
        if (found === undefined) return written
        const { size, page } = found
        for (const id of page.ids) seen.add(id)
        written = { ...written, whole: { part: size, log: end }, pages: written.pages + 1, last: page }
      }
    }
    return written
  } catch (error) {
    throw diskError('read', paths.part, error)
  } finally {
    await log?.close()
    await part?.close()
  }
}

/** A page that starts at `start` in the part; undefined if it is incomplete or its log line is invalid. */
async function wholePage(part: FileHandle | undefined, { text }: WholeLine, start: number) {
  const line = v.safeParse(pageLine, text)
  if (part === undefined || !line.success) return undefined
  const { size, crc } = line.output
  // Checked before allocating, since the size may be corrupt.
  if (size < start || size > (await part.stat()).size) return undefined
  const bytes = Buffer.allocUnsafe(size - start)
  const { bytesRead } = await part.read(bytes, 0, bytes.length, start)
  return bytesRead === bytes.length && crc32(bytes) === crc ? line.output : undefined
}

/**
 * Atomically moves a finished file to its target, and waits until that is on disk. Returns false, and changes nothing,
 * if the target exists and `overwrite` is not set.
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
