import { chmod, mkdir, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { diskError, errorCode } from './errors.ts'

/**
 * Makes the folder with all its missing levels, each 0700 whatever the umask,
 * and narrows the last one where it was wider. Shared places are left as they
 * are: the root of the disk, folders with the sticky bit (`/tmp`), folders of
 * another user.
 *
 * Levels are made one at a time: `mkdir` with `recursive` below `/proc/x`
 * never returns.
 *
 * @throws CliError `local_error` naming the path, and why it cannot be made
 */
export async function ensurePrivateFolder(path: string): Promise<void> {
  const target = resolve(path)
  try {
    const missing = await missingLevels(target)
    for (const level of missing) await makeLevel(level)
    if (missing.length === 0) await narrow(target)
  } catch (error) {
    throw diskError('make the folder', target, error)
  }
}

/**
 * Waits until the entries of a folder are on the disk: a file that was created
 * or renamed there is found again after a power cut. Where a folder cannot be
 * synced (Windows, some network disks) nothing is done.
 */
export async function syncFolder(path: string): Promise<void> {
  let folder: Awaited<ReturnType<typeof open>> | undefined
  try {
    folder = await open(path, 'r')
    await folder.sync()
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES', 'EBADF'].includes(errorCode(error) ?? ''))
      throw error
  } finally {
    await folder?.close()
  }
}

/** The levels that are not there yet, the outermost first. */
async function missingLevels(target: string): Promise<string[]> {
  const missing: string[] = []
  for (let level = target; ; level = dirname(level)) {
    const found = await stat(level).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT' && dirname(level) !== level) return undefined
      throw error
    })
    if (found?.isDirectory()) return missing.reverse()
    if (found) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    missing.push(level)
  }
}

async function makeLevel(level: string): Promise<void> {
  try {
    await mkdir(level, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile; a dangling link is no folder.
    if (errorCode(error) !== 'EEXIST' || !(await stat(level)).isDirectory()) throw error
  }
  await narrow(level)
  await syncFolder(dirname(level))
}

async function narrow(folder: string): Promise<void> {
  const { mode } = await stat(folder)
  if ((mode & 0o7777) === 0o700 || mode & 0o1000 || dirname(folder) === folder) return
  try {
    await chmod(folder, 0o700)
  } catch (error) {
    // Another user's folder, or a disk without modes: the files in it are 0600 all the same.
    if (!['EPERM', 'ENOTSUP', 'EROFS'].includes(errorCode(error) ?? '')) throw error
  }
}
