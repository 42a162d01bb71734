import { closeSync, constants, promises as fs, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { visible } from '../visible.ts'
import { errorCode } from './errors.ts'

/** What can stand at a path, as it follows "it is". */
export type Kind =
  | 'a regular file'
  | 'a folder'
  | 'a symbolic link'
  | 'a named pipe'
  | 'a socket'
  | 'a device'

/** Flags to write a file, and read it again, that must not be there yet. */
export const newFile = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL

/** Opening a named pipe or a device must not wait, a link must not lead elsewhere, a terminal must not become ours. */
const careful = constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/**
 * Opens a file of our own, never one that the user named to be read: without waiting, without following a link at the
 * end of the path, and only when it is a regular file. With O_CREAT it is 0600 afterwards, whatever the umask, also
 * where it was there before. Every file of ours is opened here.
 *
 * @param flags of `node:fs` constants; O_RDONLY unless given
 * @throws CliError `local_error` naming the path and what stands there · the system's own errors
 */
export async function openRegular(path: string, flags: number = constants.O_RDONLY): Promise<FileHandle> {
  let file: FileHandle | undefined
  try {
    file = await fs.open(path, flags | careful, 0o600)
    checkKind(deedOf(flags), path, kindOf(await file.stat()))
    if ((flags & constants.O_CREAT) !== 0) await makePrivate(file)
    return file
  } catch (error) {
    await file?.close()
    throw betterError(deedOf(flags), path, error)
  }
}

/** As `openRegular`, at once. The caller closes what it gets. */
export function openRegularSync(path: string, flags: number = constants.O_RDONLY): number {
  let file: number | undefined
  try {
    file = openSync(path, flags | careful, 0o600)
    checkKind(deedOf(flags), path, kindOf(fstatSync(file)))
    return file
  } catch (error) {
    if (file !== undefined) closeSync(file)
    throw betterError(deedOf(flags), path, error)
  }
}

/**
 * What stands at a path, a link being a link; undefined where there is nothing.
 *
 * @throws the system's own errors
 */
export async function kindAt(path: string): Promise<Kind | undefined> {
  try {
    return kindOf(await fs.lstat(path))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined
    throw error
  }
}

/**
 * Refuses a path where something else than a regular file stands, before it is replaced or removed.
 *
 * @throws CliError `local_error` naming the path and what stands there · the system's own errors
 */
export async function checkReplaceable(path: string): Promise<void> {
  const kind = await kindAt(path)
  if (kind !== undefined) checkKind('write', path, kind)
}

async function makePrivate(file: FileHandle): Promise<void> {
  await file.chmod(0o600).catch((error: unknown) => {
    // A disk without modes; the folder is private all the same.
    if (!['EPERM', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error
  })
}

function deedOf(flags: number): string {
  return (flags & (constants.O_WRONLY | constants.O_RDWR)) === 0 ? 'read' : 'write'
}

function checkKind(deed: string, path: string, kind: Kind): void {
  if (kind === 'a regular file') return
  throw new CliError('local_error', `cannot ${deed} ${visible(path)}: it is ${kind}, not a file`, {
    hint: `look at it (ls -ld ${visible(shellWord(path))}), and move it away if it is not needed`,
  })
}

function kindOf(stats: Stats): Kind {
  if (stats.isFile()) return 'a regular file'
  if (stats.isDirectory()) return 'a folder'
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}

/** Links, sockets and pipes make an opening fail with codes that say little; what stands there says more. */
function betterError(deed: string, path: string, error: unknown): unknown {
  if (error instanceof CliError) return error
  try {
    checkKind(deed, path, kindOf(lstatSync(path)))
    return error
  } catch (found) {
    return found instanceof CliError ? found : error
  }
}
