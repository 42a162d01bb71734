import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { diskError, errorCode } from '../storage/errors.ts'
import { openRegularSync } from '../storage/regular.ts'

/**
 * The file of the log. Its number (epoch ms of its making, or one more than its
 * forerunner's) grows with each compaction and after a reset, so that another
 * process notices that the file it knows is not the log any more.
 *
 * All calls wait for the disk: they take microseconds in the page cache, and
 * what was written before a process is killed stays written. Nothing is fsynced:
 * after a power cut the sandbox may have forgotten its last changes.
 */
export interface LogFile {
  readonly path: string
  /** Bytes that were read as whole lines. */
  readonly offset: number
  /** Is this still the file at its path, and has it not shrunk? */
  current(): boolean
  /** Hands over whole lines that are new; a last one without its `\n` is still being written, or torn. */
  read(take: (line: string) => void): void
  /** Adds lines behind the last whole one; what was torn there is cut off. Its caller holds the lock and has read all. */
  append(lines: string): void
  close(): void
}

const logName = /^customers-(\d+)\.ndjson$/
const chunkSize = 1024 * 1024

/** The path of a log made now (epoch ms), above the number of those that are there. */
export function newLogPath(folder: string, now: number): string {
  const [latest] = logNumbers(folder)
  return join(folder, `customers-${Math.max(now, (latest ?? 0) + 1)}.ndjson`)
}

/** The paths of all logs, the newest first; none when the folder is not there. */
export function logPaths(folder: string): string[] {
  return logNumbers(folder).map((number) => join(folder, `customers-${number}.ndjson`))
}

function logNumbers(folder: string): number[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => logName.exec(name)?.slice(1, 2).map(Number) ?? [])
      .sort((a, b) => b - a)
  } catch (error) {
    // A path that leads through a file is no folder either; whoever wants to write there is told so.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return []
    throw diskError('read', folder, error)
  }
}

/**
 * Opens a log for reading, and for writing when the first line is added.
 * Undefined when it is gone: another process compacted or erased it meanwhile.
 *
 * @throws CliError `local_error` when the disk refuses, here and in every call
 */
export function openLogFile(path: string): LogFile | undefined {
  const reader = openIfThere(path)
  if (reader === undefined) return undefined
  const { ino } = fstatSync(reader)
  let writer: number | undefined
  let offset = 0

  function append(lines: string): void {
    if (lines === '') return
    writer ??= openRegularSync(path, constants.O_WRONLY | constants.O_APPEND)
    if (fstatSync(writer).size > offset) ftruncateSync(writer, offset)
    const bytes = Buffer.from(lines)
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(writer, bytes, done)
    } catch (error) {
      ftruncateSync(writer, offset)
      throw error
    }
    offset += bytes.length
  }

  return {
    path,
    get offset() {
      return offset
    },
    current() {
      const stats = statSync(path, { throwIfNoEntry: false })
      return stats !== undefined && stats.ino === ino && stats.size >= offset
    },
    read(take) {
      if (fstatSync(reader).size === offset) return
      offset = onDisk('read', path, () => readLines(reader, offset, take))
    },
    append(lines) {
      onDisk('write', path, () => append(lines))
    },
    close() {
      closeSync(reader)
      if (writer !== undefined) closeSync(writer)
    },
  }
}

function openIfThere(path: string): number | undefined {
  // A link that leads nowhere is not there either.
  if (!existsSync(path)) return undefined
  try {
    return openRegularSync(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw diskError('read', path, error)
  }
}

/** Reads whole lines from `start` to the end of the file; returns where the last of them ends. */
function readLines(file: number, start: number, take: (line: string) => void): number {
  const chunk = Buffer.allocUnsafe(chunkSize)
  let rest: Buffer = Buffer.alloc(0)
  let taken = start
  for (let position = start; ; ) {
    const length = readSync(file, chunk, 0, chunkSize, position)
    if (length === 0) return taken
    position += length
    const bytes = Buffer.concat([rest, chunk.subarray(0, length)])
    const whole = bytes.lastIndexOf(0x0a) + 1
    rest = bytes.subarray(whole)
    if (whole === 0) continue
    for (const line of bytes.toString('utf8', 0, whole - 1).split('\n')) take(line)
    taken += whole
  }
}

function onDisk<Value>(deed: string, path: string, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw diskError(deed, path, error)
  }
}
