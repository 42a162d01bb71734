import { readFileSync, type Stats, statSync } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError, errorCode } from '../disk/errors.ts'
import { ensurePrivateFolder } from '../disk/folders.ts'
import { waitForLock } from '../disk/lock.ts'
import type { Owner } from '../disk/process.ts'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { DamagedStore, parseStore, type StoreData } from './store-data.ts'

/** What a change of the store needs from outside. */
export interface StoreWorld {
  readonly owner: Owner
  readonly now: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

/** Two sign-ins at once take turns; ms. */
const patienceMs = 10_000

/** Far more than a file of keys can need; bytes. */
const largest = 1024 * 1024

/** The file that conf keeps in the config folder. */
export function configFile(folder: string): string {
  return join(folder, 'config.json')
}

/**
 * The stored profiles, or undefined where nobody has signed in. Makes no folder and no file: conf, which makes its
 * folder when it is merely opened, costs 50 ms to load and takes over Ctrl-C, is only opened to write.
 * Throws `local_error` naming the file when it is damaged, of a newer version or cannot be read: it is never replaced
 * (contract, "Signing in"). At once: Node's file functions with promises take a tenth of a start to load.
 */
export async function readStore(folder: string): Promise<StoreData | undefined> {
  const path = configFile(folder)
  return isThere(path) ? parsed(path, readText(path)) : undefined
}

/**
 * Reads the stored profiles, changes them and writes them back, 0600 in a 0700 folder, under a lock: two sign-ins at
 * once do not lose one another's key. Nothing is written when `edit` hands back what it was given.
 * Throws `local_error` as `readStore` does, and when the file is a symbolic link or write-protected.
 */
export async function changeStore(
  folder: string,
  world: StoreWorld,
  edit: (data: StoreData | undefined) => StoreData | undefined,
): Promise<void> {
  const path = configFile(folder)
  await ensurePrivateFolder(folder)
  const { owner, now, sleep, signal } = world
  const lock = await waitForLock(
    `${path}.lock`,
    { owner, now, what: 'another change of the stored keys' },
    { sleep, signal, patienceMs },
  )
  try {
    const before = await readStore(folder)
    const after = edit(before)
    if (after === undefined || after === before) return
    await checkWritable(path)
    await write(folder, after)
  } finally {
    await lock.release()
  }
}

/**
 * Throws what a later `changeStore` would throw for the file that is there, so that nobody types a key in vain.
 */
export async function checkWritable(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => absent(error, path))
  if (found === undefined) return
  if (found.isSymbolicLink()) {
    throw new CliError('local_error', `${visible(path)} is a symbolic link: nothing was changed`, {
      hint: 'put the file itself there, or choose its folder with ORAFI_CONFIG_DIR',
    })
  }
  // The bits, not `access`: the file would be replaced by a rename, which needs no permission on it.
  if ((found.mode & 0o200) === 0) {
    throw new CliError('local_error', `${visible(path)} is write-protected: nothing was changed`, {
      hint: `allow it with: chmod 600 '${visible(path)}'`,
    })
  }
}

/** Whether there is a file to read. Refuses what would hang (a named pipe) or fill the memory. */
function isThere(path: string): boolean {
  const found = statOf(path)
  if (found === undefined) return false
  if (!found.isFile()) throw damaged(path, 'it is not a file')
  if (found.size > largest) throw damaged(path, 'it is too large to be what orafi writes')
  return true
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    return absent(error, path)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw diskError('read', path, error)
  }
}

function absent(error: unknown, path: string): undefined {
  // ENOTDIR: a home that is no folder, such as /dev/null, holds no config either.
  if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined
  throw diskError('read', path, error)
}

/** The only place that knows conf. The folder is there, 0700, and the file was read without a complaint. */
async function write(folder: string, data: StoreData): Promise<void> {
  const { default: Conf } = await import('conf')
  const path = configFile(folder)
  try {
    const conf = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: 'config',
      projectName: 'orafi',
      projectSuffix: '',
      // A profile's name would nest at its dots; a damaged file would be emptied; others could read the keys.
      accessPropertiesByDotNotation: false,
      clearInvalidConfig: false,
      configFileMode: 0o600,
      deserialize: (text) => ({ ...parsed(path, text) }),
      serialize: (value) => `${JSON.stringify(value, undefined, 2)}\n`,
    })
    conf.store = { ...data }
  } catch (error) {
    throw diskError('write', path, error)
  }
}

function parsed(path: string, text: string): StoreData {
  try {
    return parseStore(text)
  } catch (error) {
    throw error instanceof DamagedStore ? damaged(path, error.message) : error
  }
}

function damaged(path: string, why: string): CliError {
  return new CliError('local_error', `cannot use ${visible(path)}: ${why}; it was left as it is`, {
    hint: 'mend it or put it aside (mv), then sign in again: orafi login; ORAFI_API_KEY works without it',
  })
}
