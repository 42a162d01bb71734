import { constants, promises as fs } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { diskError, errorCode } from './errors.ts'
import { kindAt } from './regular.ts'

/**
 * Makes the folder with all its missing levels, each 0700 whatever the umask.
 * A folder that was there keeps its mode: it may be a home, or shared with
 * others. What is private in it is in files of 0600.
 *
 * Levels are made one at a time: `mkdir` with `recursive` below `/proc/x`
 * never returns.
 *
 * @throws CliError `local_error` naming the path, and why it cannot be made
 */
export async function ensurePrivateFolder(path: string): Promise<void> {
  const target = resolve(path)
  try {
    for (const level of await missingLevels(target)) await makeLevel(level)
  } catch (error) {
    throw diskError('make the folder', target, error)
  }
}

/**
 * Throws what `ensurePrivateFolder`, or a file that is written there, would throw as far as that can be seen beforehand;
 * makes nothing.
 *
 * @throws CliError `local_error` naming the path
 */
export async function checkPrivateFolder(path: string): Promise<void> {
  const target = resolve(path)
  try {
    const [outermost] = await missingLevels(target)
    const there = outermost === undefined ? target : dirname(outermost)
    await fs.access(there, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw diskError('write to the folder', target, error)
  }
}

/** Whether a file can be made in a folder: what stands in the way, or undefined. Makes nothing. */
export async function problemOfFolder(path: string): Promise<'missing' | 'denied' | undefined> {
  const found = await fs.stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return 'missing'
  return fs.access(path, constants.W_OK | constants.X_OK).then(
    () => undefined,
    () => 'denied',
  )
}

/**
 * Waits until the entries of a folder are on the disk: a file that was created
 * or renamed there is found again after a power cut. Where a folder cannot be
 * synced (Windows, some network disks) nothing is done.
 */
export async function syncFolder(path: string): Promise<void> {
  let folder: Awaited<ReturnType<typeof fs.open>> | undefined
  try {
    folder = await fs.open(path, 'r')
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
    const found = await fs.stat(level).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT' && dirname(level) !== level) return undefined
      throw error
    })
    if (found === undefined && (await kindAt(level)) === 'a symbolic link')
      throw new Error('it is a link that leads nowhere')
    if (found?.isDirectory()) return missing.reverse()
    if (found) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    missing.push(level)
  }
}

async function makeLevel(level: string): Promise<void> {
  try {
    await fs.mkdir(level, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile; a dangling link is no folder.
    if (errorCode(error) !== 'EEXIST' || !(await fs.stat(level)).isDirectory()) throw error
    return
  }
  // A umask may have taken the owner's own rights from it. On a disk without modes the files in it are 0600 all the same.
  await fs.chmod(level, 0o700).catch((error: unknown) => {
    if (!['EPERM', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error
  })
  await syncFolder(dirname(level))
}
