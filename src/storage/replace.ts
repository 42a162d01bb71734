import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { diskError, errorCode } from './errors.ts'
import { syncFolder } from './folders.ts'
import { checkReplaceable, newFile, openRegular } from './regular.ts'

/** Text or bytes, whole or piece by piece. */
export type Contents = string | Uint8Array | AsyncIterable<string | Uint8Array>

/**
 * Gives a file new contents so that a reader, or a power cut, sees the old or
 * the new ones and nothing between: a 0600 file beside it is written, fsynced
 * and renamed. The folder must be there. What stands at the path and is no
 * regular file is left alone. An error that `contents` throws leaves
 * the old file alone and is thrown on.
 *
 * @throws CliError `local_error` when the disk refuses, or names what is no regular file
 */
export async function replaceFile(path: string, contents: Contents): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await checkReplaceable(path)
    const file = await openRegular(temporary, newFile)
    try {
      const pieces = typeof contents === 'string' || contents instanceof Uint8Array ? [contents] : contents
      // `write` may write less than it was given; `writeFile` goes on from where the file stands.
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
 * Removes what a `replaceFile` of this path left behind when its process was
 * killed. Only for a caller that knows nobody is replacing the file now (who
 * holds its lock).
 */
export async function removeLeftovers(path: string): Promise<void> {
  const start = `.${basename(path)}.`
  try {
    for (const found of await readdir(dirname(path), { withFileTypes: true })) {
      if (found.isFile() && found.name.startsWith(start) && found.name.endsWith('.tmp'))
        await rm(join(dirname(path), found.name), { force: true })
    }
  } catch (error) {
    throw diskError('clean up beside', path, error)
  }
}
