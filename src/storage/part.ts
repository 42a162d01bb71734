import { writeSync } from 'node:fs'
import { constants, type FileHandle, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { diskError } from './errors.ts'
import { checkReplaceable, openRegular } from './regular.ts'
import { replaceFile } from './replace.ts'

/**
 * A file under way: it grows page by page beside the place where it will stand, and a log keeps in a line a page how
 * far it is whole. So whoever goes on after a crash knows where.
 */
export interface Part {
  /**
   * Adds a page, and to the log what is to be remembered of it. Both are with the system when it returns, so that a
   * process that is killed next loses neither. Synchronous, since for a page a thread costs three times as much as
   * the write that it would do. Throws CliError `local_error` when the disk refuses.
   */
  add(text: string, remembered: object): void
  /** Waits until every page is on the disk, and closes. Throws CliError `local_error` when the disk refuses. */
  finish(): Promise<void>
  /** Closes as it is, to be gone on with. Does not throw. */
  leave(): Promise<void>
}

/** Where everything stands that belongs to a file under way. */
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

/** What stands in the log of one page: the part's size with it, and what its bytes come to. */
function logLine(size: number, bytes: Uint8Array, remembered: object): string {
  return `${JSON.stringify({ size, crc: crc32(bytes), page: remembered })}\n`
}

/**
 * Begins anew with nothing but the first line of the log; whatever was left there is gone. Both files are 0600.
 * The caller holds the lock. Throws CliError `local_error` when the disk refuses.
 */
export async function beginPart(paths: PartPaths, header: object): Promise<Part> {
  await removePart(paths)
  const line = `${JSON.stringify(header)}\n`
  // The log comes first: a part without one is nobody's.
  await replaceFile(paths.log, line)
  return openPart(paths, constants.O_EXCL, { part: 0, log: Buffer.byteLength(line) })
}

/** Goes on behind what is whole; the rest of both files is cut off. Throws CliError `local_error` when the disk refuses. */
export async function continuePart(paths: PartPaths, whole: Whole): Promise<Part> {
  return openPart(paths, 0, whole)
}

/** Removes the part and its log, as far as they are there. Throws CliError `local_error` when the disk refuses. */
export async function removePart(paths: PartPaths): Promise<void> {
  try {
    // The log goes last: a part without a log is nobody's, and nothing of ours removes it.
    const all = [paths.packed, paths.part, paths.log]
    for (const path of all) await checkReplaceable(path)
    for (const path of all) await rm(path, { force: true })
  } catch (error) {
    throw diskError('remove', paths.part, error)
  }
}

/** A part over files that are whole up to these sizes. */
function startPart(part: FileHandle, log: FileHandle, path: string, start: Whole): Part {
  const whole = { ...start }
  return {
    add(text, remembered) {
      const bytes = Buffer.from(text)
      try {
        writeAll(part.fd, bytes, whole.part)
        const line = Buffer.from(logLine(whole.part + bytes.length, bytes, remembered))
        writeAll(log.fd, line, whole.log)
        whole.part += bytes.length
        whole.log += line.length
      } catch (error) {
        throw diskError('write', path, error)
      }
    },
    async finish() {
      try {
        await part.sync()
        await Promise.all([part.close(), log.close()])
      } catch (error) {
        throw diskError('write', path, error)
      }
    },
    async leave() {
      await Promise.allSettled([part.close(), log.close()])
    },
  }
}

/** All of it, or an error: the system may take fewer bytes at a time. */
function writeAll(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = writeSync(file, bytes, done, bytes.length - done, position + done)
    if (written === 0) throw new Error('the disk takes no more bytes')
    done += written
  }
}

async function openPart({ part, log }: PartPaths, more: number, whole: Whole): Promise<Part> {
  const opened: FileHandle[] = []
  try {
    const partFile = await openRegular(part, constants.O_RDWR | constants.O_CREAT | more)
    opened.push(partFile)
    const logFile = await openRegular(log, constants.O_RDWR)
    opened.push(logFile)
    await partFile.chmod(0o600).catch(() => undefined)
    await partFile.truncate(whole.part)
    await logFile.truncate(whole.log)
    return startPart(partFile, logFile, part, whole)
  } catch (error) {
    for (const file of opened) await file.close()
    throw diskError('write', part, error)
  }
}
