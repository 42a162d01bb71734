import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { diskError, errorCode } from './errors.ts'
import { syncFolder } from './folders.ts'
import { checkReplaceable, newFile, openRegular } from './regular.ts'

/** Text or bytes, whole or piece by piece. */
export type Contents = string | Uint8Array | AsyncIterable<string | Uint8Array>

/**
 * Replaces a file's contents atomically, even in a power cut: a 0600 file next to it is written, fsynced and renamed.
 * The folder must exist. Anything but a regular file at the path is refused. If `contents` throws, the old file is kept
 * and the error is rethrown.
 * @throws CliError `local_error` if the disk fails, or if the path is not a regular file
 */
export async function replaceFile(path: string, contents: Contents): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await checkReplaceable(path)
    const file = await openRegular(temporary, newFile)
    try {
      const pieces = typeof contents === 'string' || contents instanceof Uint8Array ? [contents] : contents
      // `write` may write only part of the data; `writeFile` writes all of it, from the current position.
      for await (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw errorCode(error) === undefined ? error : diskError('write', path, error)
  }
}

/**
 * Removes the temporary files that a killed `replaceFile` of this path left behind. The caller must hold the file's lock,
 * so that no other process is replacing it.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const start = `.${basename(path)}.`
  try {
    for (const found of await readdir(dirname(path), { withFileTypes: true })) {
      if (found.isFile() && found.name.startsWith(start) && found.name.endsWith('.tmp'))
        await rm(join(dirname(path), found.name), { force: true })
    }
  } catch (error) {
    throw diskError('clean up next to', path, error)
  }
}
