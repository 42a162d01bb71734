import { type FileHandle, link, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { chunksOf } from './chunks.ts'
import { diskError, errorCode } from './errors.ts'
import { syncFolder } from './folders.ts'
import { checkReplaceable, newFile, openRegular } from './regular.ts'

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
  try {
    await checkReplaceable(to)
    await rm(to, { force: true })
    const source = await openRegular(from)
    opened.push(source)
    const target = await openRegular(to, newFile)
    opened.push(target)
    await compress(source, target, signal)
    await target.sync()
  } catch (error) {
    // What was there before and could not be replaced is not ours to remove.
    if (opened.length === 2) await rm(to, { force: true }).catch(() => undefined)
    signal.throwIfAborted()
    throw diskError('write', to, error)
  } finally {
    for (const file of opened) await file.close()
  }
}

async function compress(source: FileHandle, target: FileHandle, signal: AbortSignal): Promise<void> {
  let refused: unknown
  const write = async (compressed: AsyncIterable<Uint8Array>): Promise<void> => {
    try {
      // `write` may write less than it was given; `writeFile` goes on from where the file stands.
      for await (const piece of compressed) await target.writeFile(piece)
    } catch (error) {
      // The pipeline tells of an abort only, which this makes it do to the others.
      refused = error
      throw error
    }
  }
  try {
    await pipeline(chunksOf(source), createGzip(), write, { signal })
  } catch (error) {
    throw refused ?? error
  }
}
