import { type FileHandle, stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { diskError, errorCode } from './errors.ts'
import { type WholeLine, wholeLines } from './lines.ts'
import type { PartPaths, Whole } from './part.ts'
import { checkReplaceable, openRegular } from './regular.ts'
import { lastLine } from './tail.ts'

/** Told what a part's log holds. */
export interface PartReader {
  /** The first line. Throws where the part cannot be gone on with. */
  header(value: unknown): void
  /** What was remembered of a page. False where it is not understood: the part counts as whole up to the page before. */
  page(value: unknown): boolean
}

/** What was left of a file under way. `foreign`: something stands at the part's place that has no log of ours. */
export type Leftover = 'nothing' | 'part' | 'foreign'

/** Looks at what is there, and changes nothing. Throws CliError `local_error` when the disk refuses. */
export async function leftoverOf({ part, log }: PartPaths): Promise<Leftover> {
  const [partSize, logSize] = [await sizeOf(part), await sizeOf(log)]
  // The log is begun before the part, so that without its first line no page was ever written.
  if (logSize !== undefined && (await lastLine(log, logSize)) !== undefined) return 'part'
  return partSize === undefined || partSize === 0 ? 'nothing' : 'foreign'
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
    part = await openRegular(paths.part).catch((error: unknown) => {
      // A crash before the first page.
      if (errorCode(error) !== 'ENOENT') throw error
      return undefined
    })
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

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    await checkReplaceable(path)
    return (await stat(path)).size
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw diskError('read', path, error)
  }
}
