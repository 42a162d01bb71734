import { closeSync, constants, promises as fs, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { visible } from '../visible.ts'
import { errorCode } from './errors.ts'

/** What kind of file is at a path, phrased to follow "it is". */
export type Kind =
  | 'a regular file'
  | 'a folder'
  | 'a symbolic link'
  | 'a named pipe'
  | 'a socket'
  | 'a device'

/** Flags to create a file for writing and reading; fails if it exists. */
export const newFile = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL

/** Does not block on a named pipe or a device, follow a symbolic link, or acquire a controlling terminal. */
const safeFlags = constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/**
 * Opens one of our own files, not an input file of the user's: without blocking, without following a symbolic link at
 * the end of the path, and only if it is a regular file. With O_CREAT, its mode becomes 0600 regardless of the umask,
 * even if it existed. All our own files are opened here.
 * @param flags `node:fs` constants; default O_RDONLY
 * @throws CliError `local_error` with the path and the kind of file · system errors
 */
export async function openRegular(path: string, flags: number = constants.O_RDONLY): Promise<FileHandle> {
  let file: FileHandle | undefined
  try {
    file = await fs.open(path, flags | safeFlags, 0o600)
    checkKind(actionOf(flags), path, kindOf(await file.stat()))
    if ((flags & constants.O_CREAT) !== 0) await makePrivate(file)
    return file
  } catch (error) {
    await file?.close()
    throw betterError(actionOf(flags), path, error)
  }
}

/** The synchronous `openRegular`. Returns a file descriptor, which the caller closes. */
export function openRegularSync(path: string, flags: number = constants.O_RDONLY): number {
  let file: number | undefined
  try {
    file = openSync(path, flags | safeFlags, 0o600)
    checkKind(actionOf(flags), path, kindOf(fstatSync(file)))
    return file
  } catch (error) {
    if (file !== undefined) closeSync(file)
    throw betterError(actionOf(flags), path, error)
  }
}

/**
 * The kind of file at a path, without following symbolic links; undefined if there is none.
 * @throws system errors
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
 * Refuses a path to anything but a regular file, before it is replaced or removed.
 * @throws CliError `local_error` with the path and the kind of file · system errors
 */
export async function checkReplaceable(path: string): Promise<void> {
  const kind = await kindAt(path)
  if (kind !== undefined) checkKind('write', path, kind)
}

async function makePrivate(file: FileHandle): Promise<void> {
  await file.chmod(0o600).catch((error: unknown) => {
    // Some disks do not support modes; the folder is private anyway.
    if (!['EPERM', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error
  })
}

function actionOf(flags: number): string {
  return (flags & (constants.O_WRONLY | constants.O_RDWR)) === 0 ? 'read' : 'write'
}

function checkKind(action: string, path: string, kind: Kind): void {
  if (kind === 'a regular file') return
  throw new CliError('local_error', `cannot ${action} ${visible(path)}: it is ${kind}, not a file`, {
    hint: `inspect it (ls -ld ${visible(shellWord(path))}), and move it away if you do not need it`,
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

/** Opening links, sockets or pipes fails with obscure codes; names the kind of file instead. */
function betterError(action: string, path: string, error: unknown): unknown {
  if (error instanceof CliError) return error
  try {
    checkKind(action, path, kindOf(lstatSync(path)))
    return error
  } catch (found) {
    return found instanceof CliError ? found : error
  }
}
