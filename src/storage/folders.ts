import { constants, promises as fs } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { diskError, errorCode } from './errors.ts'
import { kindAt } from './regular.ts'

/**
 * Creates a folder and its missing parents, each 0700 regardless of the umask. Existing folders keep their mode, since
 * they may be a home or shared; private files in them are 0600.
 *
 * Not with `mkdir` and `recursive`, which never returns below `/proc/x`.
 * @throws CliError `local_error` with the path and the reason
 */
export async function ensurePrivateFolder(path: string): Promise<void> {
  const target = resolve(path)
  try {
    for (const level of await missingLevels(target)) await makeLevel(level)
  } catch (error) {
    throw diskError('create the folder', target, error)
  }
}

/**
 * Checks, without creating anything, whether `ensurePrivateFolder` and writing a file in the folder are likely to work.
 * @throws CliError `local_error` with the path
 */
export async function checkPrivateFolder(path: string): Promise<void> {
  const target = resolve(path)
  try {
    const [outermost] = await missingLevels(target)
    const existing = outermost === undefined ? target : dirname(outermost)
    await fs.access(existing, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw diskError('write to the folder', target, error)
  }
}

/** Why no file can be created in a folder, or undefined if one can. Creates nothing. */
export async function problemOfFolder(path: string): Promise<'missing' | 'denied' | undefined> {
  const found = await fs.stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return 'missing'
  return fs.access(path, constants.W_OK | constants.X_OK).then(
    () => undefined,
    () => 'denied',
  )
}

/**
 * Fsyncs a folder, so that files created or renamed in it survive a power cut. Does nothing if folders cannot be synced
 * (Windows, some network disks).
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

/** The missing folders on the path, outermost first. */
async function missingLevels(target: string): Promise<string[]> {
  const missing: string[] = []
  for (let level = target; ; level = dirname(level)) {
    const found = await fs.stat(level).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT' && dirname(level) !== level) return undefined
      throw error
    })
    if (found === undefined && (await kindAt(level)) === 'a symbolic link')
      throw new Error('it is a broken symbolic link')
    if (found?.isDirectory()) return missing.reverse()
    if (found) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    missing.push(level)
  }
}

async function makeLevel(level: string): Promise<void> {
  try {
    await fs.mkdir(level, { mode: 0o700 })
  } catch (error) {
    // Another process may have created it in the meantime.
    if (errorCode(error) !== 'EEXIST' || !(await fs.stat(level)).isDirectory()) throw error
    return
  }
  // The umask may have removed the owner's own permissions. Some disks do not support modes.
  await fs.chmod(level, 0o700).catch((error: unknown) => {
    if (!['EPERM', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error
  })
  await syncFolder(dirname(level))
}
