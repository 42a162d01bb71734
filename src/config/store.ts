import { closeSync, promises as fs, fstatSync, readFileSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Mode } from '../api/customer.ts'
import { CliError } from '../errors.ts'
import { shellWord } from '../shell-word.ts'
import { diskError, errorCode } from '../storage/errors.ts'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { type Lock, waitForLock } from '../storage/lock.ts'
import { type Owner, ownUid } from '../storage/process.ts'
import { checkReplaceable, openRegularSync } from '../storage/regular.ts'
import { visible } from '../visible.ts'
import { isBaseUrl } from './environment.ts'
import { keyMode } from './keys.ts'
import { isProfileName, type StoreData, storeVersion } from './profiles.ts'

/** The parts of the world that a change of the store uses. */
export interface StoreWorld {
  readonly owner: Owner
  readonly now: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

/** How long a change waits for another one (ms). */
const maxWaitMs = 10_000

/** The maximum size of the config file (bytes). */
const largest = 1024 * 1024

/** The path of the config file. */
export function configFile(folder: string): string {
  return join(folder, 'config.json')
}

/** An object with at least these fields. Unknown fields are kept. */
function fields<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.custom<object>(isRecord), v.looseObject(entries))
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keySchema(mode: Mode) {
  return fields({
    key: v.pipe(
      v.string(),
      v.check((key) => keyMode(key) === mode),
    ),
    baseUrl: v.pipe(v.string(), v.check(isBaseUrl)),
    savedAt: v.number(),
    verified: v.boolean(),
  })
}

const nameSchema = v.pipe(v.string(), v.check(isProfileName))
const profileSchema = fields({
  readOnly: v.boolean(),
  keys: fields({ test: v.optional(keySchema('test')), live: v.optional(keySchema('live')) }),
})
const storeSchema = fields({
  v: v.literal(storeVersion),
  default: v.optional(fields({ profile: nameSchema, mode: v.picklist(['test', 'live']) })),
  // By its entries: valibot's own record passes over names such as `constructor`, which a profile may have.
  profiles: v.pipe(
    v.custom<StoreData['profiles']>(isRecord),
    v.check((profiles) =>
      Object.entries(profiles).every(
        ([name, profile]) => v.is(nameSchema, name) && v.is(profileSchema, profile),
      ),
    ),
  ),
})
const newerSchema = fields({ v: v.pipe(v.number(), v.gtValue(storeVersion)) })

/**
 * The stored profiles, or undefined before the first sign-in. Creates no folder and no file. Reads without conf, which
 * creates its folder when opened, takes 50 ms to load and handles Ctrl-C itself; and synchronously, since
 * node:fs/promises takes a tenth of the start-up time to load. Throws `local_error` with the path if it is damaged,
 * has a newer version, cannot be read, is not a regular file, or is writable by others; then it is never replaced
 * (docs/contract.md#signing-in).
 */
export async function readStore(folder: string): Promise<StoreData | undefined> {
  const path = configFile(folder)
  const text = readText(path)
  return text === undefined ? undefined : parsed(path, text)
}

/**
 * Reads the stored profiles, changes them and writes them back with mode 0600, under a lock, so that two sign-ins at
 * once do not overwrite each other's key. Nothing is written if `edit` returns its argument. Temporary files of
 * interrupted changes are removed in any case. A new folder gets mode 0700; an existing one keeps its mode. Resolves
 * with the data before and after the change.
 * Throws `local_error` as `readStore` does, and if the file is write-protected.
 */
export async function changeStore<After extends StoreData | undefined>(
  folder: string,
  world: StoreWorld,
  edit: (data: StoreData | undefined) => After,
): Promise<{ readonly before: StoreData | undefined; readonly after: After }> {
  await ensurePrivateFolder(folder)
  const lock = await lockStore(folder, world)
  try {
    for (const path of await leftovers(folder)) await removeLeftover(path)
    const before = await readStore(folder)
    const after = edit(before)
    if (after !== undefined && after !== before) {
      await checkWritable(configFile(folder))
      await write(folder, after)
    }
    return { before, after }
  } finally {
    await lock.release()
  }
}

/**
 * Removes temporary files of interrupted changes, which hold keys, and resolves with their number. Creates nothing, and
 * takes the lock only if there are any. Throws `local_error` if a file cannot be removed.
 */
export async function removeLeftovers(folder: string, world: StoreWorld): Promise<number> {
  if ((await leftovers(folder)).length === 0) return 0
  const lock = await lockStore(folder, world)
  try {
    // Listed again under the lock: a change that was in progress has removed its own file by now.
    const paths = await leftovers(folder)
    for (const path of paths) await removeLeftover(path)
    return paths.length
  } finally {
    await lock.release()
  }
}

function lockStore(folder: string, { owner, now, sleep, signal }: StoreWorld): Promise<Lock> {
  return waitForLock(
    `${configFile(folder)}.lock`,
    { owner, now, what: 'another change of the stored keys' },
    { sleep, signal, maxWaitMs },
  )
}

/** The temporary file that conf writes and renames: `config.json.tmp-` and sixteen digits. It has all keys. */
const leftover = /^config\.json\.tmp-[0-9a-f]+$/

async function leftovers(folder: string): Promise<string[]> {
  try {
    const found = await fs.readdir(folder, { withFileTypes: true })
    return found
      .filter((one) => one.isFile() && leftover.test(one.name))
      .map(({ name }) => join(folder, name))
  } catch (error) {
    absent(error, folder)
    return []
  }
}

async function removeLeftover(path: string): Promise<void> {
  await fs.rm(path, { force: true }).catch((error: unknown) => {
    throw diskError('remove', path, error)
  })
}

/** Throws what a later `changeStore` would throw for the existing file, before the user types a key. */
export async function checkWritable(path: string): Promise<void> {
  const found = await statOf(path)
  if (found === undefined) return
  // The mode, not `access`: the file is replaced by a rename, which needs no permission on it.
  if ((found.mode & 0o200) === 0) {
    throw new CliError('local_error', `${visible(path)} is write-protected: nothing was changed`, {
      hint: `allow it with: chmod 600 ${visible(shellWord(path))}`,
    })
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    await checkReplaceable(path)
    return await fs.stat(path)
  } catch (error) {
    return absent(error, path)
  }
}

/** The text of the file, or undefined if there is none. */
function readText(path: string): string | undefined {
  let file: number | undefined
  try {
    file = openRegularSync(path)
    checkTrusted(path, fstatSync(file))
    return readFileSync(file, 'utf8')
  } catch (error) {
    return absent(error, path)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Rejects a file that is too large, or that other users own or can write to. */
function checkTrusted(path: string, found: Stats): void {
  if (found.size > largest) throw damaged(path, 'it is too large to have been written by orafi')
  const uid = ownUid()
  if (uid === undefined) return
  if (found.uid !== uid) {
    throw new CliError('local_error', `cannot use ${visible(path)}: it belongs to another user`, {
      hint: 'run orafi as that user; or move the file away and sign in: orafi login',
    })
  }
  if ((found.mode & 0o022) !== 0) {
    throw new CliError('local_error', `cannot use ${visible(path)}: other users can write to it`, {
      hint: `chmod 600 ${visible(shellWord(path))}, then check its keys: orafi whoami --all; a disk without file modes cannot store keys (set ORAFI_CONFIG_DIR to a folder on another disk)`,
    })
  }
}

function absent(error: unknown, path: string): undefined {
  // ENOTDIR: a home that is not a folder, such as /dev/null, has no config either.
  if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined
  throw diskError('read', path, error)
}

/** Writes with conf. The folder exists, and the file was checked by `readStore`. */
async function write(folder: string, data: StoreData): Promise<void> {
  const { default: Conf } = await import('conf')
  const path = configFile(folder)
  try {
    const conf = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: 'config',
      projectName: 'orafi',
      projectSuffix: '',
      // conf's defaults would nest keys at dots, empty a damaged file, and let others read the file.
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

/** The stored data, checked. Errors never quote the text, which may contain keys. */
function parsed(path: string, text: string): StoreData {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw damaged(path, 'it is not valid JSON')
  }
  if (v.is(newerSchema, data)) throw damaged(path, 'it was written by a newer version of orafi')
  const checked = v.safeParse(storeSchema, data)
  if (!checked.success) throw damaged(path, 'it is not what orafi writes')
  return checked.output
}

function damaged(path: string, why: string): CliError {
  return new CliError('local_error', `cannot use ${visible(path)}: ${why}; it was not changed`, {
    hint: 'fix it, or move it away (mv) and sign in again: orafi login; ORAFI_API_KEY works without it',
  })
}
