import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isLoopback } from '../loopback.ts'
import { type Append, openAppend } from '../storage/append.ts'
import { diskError } from '../storage/errors.ts'
import { ensurePrivateFolder, syncFolder } from '../storage/folders.ts'
import { type Lock, LockHeld, takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { kindAt } from '../storage/regular.ts'
import { removeLeftovers, replaceFile } from '../storage/replace.ts'
import { lockPath, newRunId, runPath, withRunFile } from './file.ts'
import { createTally, indexRun, type Tally } from './read.ts'
import {
  type Intent,
  journalVersion,
  lineOf,
  type Outcome,
  type RunCommand,
  type RunHeader,
} from './records.ts'

/** A run in progress. Its lock is held until it is closed. */
export interface OpenRun {
  readonly id: string
  /**
   * Writes intents. Resolves when they are on disk, with one fsync for all concurrent callers: only then may the
   * requests be sent.
   */
  intend(intents: readonly Intent[]): Promise<void>
  /**
   * Writes outcomes. Resolves when they are written; they are fsynced with the next intents or at the end. An outcome
   * that is lost in a power cut counts as unknown, which is safe.
   */
  conclude(outcomes: readonly Outcome[]): Promise<void>
  /** Writes the counts, fsyncs, and releases the lock. May be called twice. */
  close(): Promise<void>
}

/** The caller's part of a new run's header. */
export type NewRun = Omit<RunHeader, 'v' | 'type' | 'run' | 'when'>

export interface RunOptions {
  /** `<state>/runs`; created if it is missing. */
  readonly folder: string
  readonly header: NewRun
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
  random(): number
}

/** Each command as typed, for lock messages. */
const commandLines: Record<RunCommand, string> = {
  delete: 'orafi customers delete',
  import: 'orafi customers import',
  undo: 'orafi runs undo',
}

/**
 * Starts a run: its header is on disk and its lock is held when this resolves.
 * @throws CliError `local_error` if the disk fails: nothing must be sent then
 */
export async function openRun({ folder, header, owner, now, random }: RunOptions): Promise<OpenRun> {
  await ensurePrivateFolder(folder)
  const startedAt = now()
  const what = commandLines[header.command]
  const { id, lock } = await newLock(folder, { owner, what, now }, () => newRunId(startedAt, random))
  return releaseOnError(lock, async () => {
    const when = new Date(startedAt).toISOString()
    const path = runPath(folder, id)
    // Created with its header, so that there is never a run without one.
    await replaceFile(path, lineOf({ v: journalVersion, type: 'run', run: id, when, ...header }))
    const log = await openAppend(path)
    return writeRun({ id, lock, log, now, tally: createTally(), personal: header.personal })
  })
}

/**
 * Locks a finished run, so that no other process undoes or forgets it meanwhile.
 * @throws LockHeld while it is in progress · CliError `not_found`
 */
export async function holdRun(
  folder: string,
  run: string,
  options: { readonly owner: Owner; readonly what: string; now(): number },
): Promise<Lock> {
  await withRunFile(folder, run, async () => undefined)
  return takeLock(lockPath(folder, run), options)
}

/**
 * Reopens a run, to add outcomes that were settled later.
 * @throws LockHeld (`local_error`) while it is in progress · CliError `not_found`, or `local_error` if it is damaged
 */
export async function reopenRun(options: {
  readonly folder: string
  readonly run: string
  readonly owner: Owner
  now(): number
}): Promise<OpenRun> {
  const { folder, run: id, owner, now } = options
  const path = runPath(folder, id)
  const lock = await holdRun(folder, id, { owner, what: 'settling a run', now })
  return releaseOnError(lock, async () => {
    const { header, forgotten, tally } = await withRunFile(folder, id, indexRun)
    const personal = header?.personal === true && !forgotten
    return writeRun({ id, lock, log: await openAppend(path), now, tally, personal })
  })
}

/** What `writeRun` takes. */
export interface Writing {
  readonly id: string
  readonly lock: Lock
  readonly log: Append
  readonly tally: Tally
  /** Whether personal data may be written. */
  readonly personal: boolean
  now(): number
}

/** An open run that writes to `log`. */
export function writeRun({ id, lock, log, tally, personal, now }: Writing): OpenRun {
  let closed: Promise<void> | undefined
  const end = async (): Promise<void> => {
    try {
      const ended = lineOf({ type: 'end', at: now(), ...tally.counts() })
      // `log.close()` reports its failure.
      await log.append(ended, false).catch(() => undefined)
      await log.close()
    } finally {
      await lock.release()
    }
  }
  return {
    id,
    intend(intents) {
      let lines = ''
      for (const intent of intents) {
        tally.add(intent.item)
        lines += lineOf({ type: 'intent', ...(personal ? intent : { item: intent.item, at: intent.at }) })
      }
      return log.append(lines, true)
    },
    conclude(outcomes) {
      let lines = ''
      for (const outcome of outcomes) {
        tally.conclude(outcome)
        lines += lineOf({ type: 'outcome', ...(personal ? outcome : withoutPersonal(outcome)) })
      }
      return log.append(lines, false)
    },
    close() {
      closed ??= end()
      return closed
    },
  }
}

/**
 * An outcome without personal data: the fingerprint could be recomputed from a guessed e-mail and name, and the server's
 * message may quote either.
 */
export function withoutPersonal(outcome: Outcome): Outcome {
  const { fingerprint: _, message: __, ...rest } = outcome
  return rest
}

async function releaseOnError<Value>(lock: Lock, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Takes the lock of a new run id; retries if two runs of the same second drew the same four characters. */
async function newLock(
  folder: string,
  options: Parameters<typeof takeLock>[1],
  draw: () => string,
): Promise<{ id: string; lock: Lock }> {
  for (let attempt = 1; ; attempt++) {
    const id = draw()
    const path = runPath(folder, id)
    try {
      const lock = await takeLock(lockPath(folder, id), options)
      if (!(await exists(path))) return { id, lock }
      await lock.release()
      if (attempt >= 100) throw new Error(`no free run id like ${id}`)
    } catch (error) {
      if (!(error instanceof LockHeld) || attempt >= 100) throw error
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await kindAt(path)) !== undefined
  } catch (error) {
    throw diskError('read', path, error)
  }
}

/**
 * Removes a run: `sandbox reset` removes the runs of the sandbox too. Does nothing if it is already gone. The folder
 * must exist.
 * @throws LockHeld (`local_error`) while the run is in progress · CliError `local_error` if the disk fails
 */
export async function removeRun(
  folder: string,
  id: string,
  { owner, now }: { readonly owner: Owner; now(): number },
): Promise<void> {
  const path = runPath(folder, id)
  const lock = await takeLock(lockPath(folder, id), { owner, what: 'orafi sandbox reset', now })
  try {
    await removeLeftovers(path)
    await rm(path, { force: true })
    await syncFolder(folder)
  } catch (error) {
    throw diskError('remove', path, error)
  } finally {
    await lock.release()
  }
}

/** The account whose customers are changed, by its key and base URL. */
export interface LockedPlace {
  /** An absolute http or https URL; undefined for the sandbox, of which there is one per state folder. */
  readonly baseUrl: string | undefined
  readonly key: { readonly mode: string; readonly hash: string }
}

/**
 * Takes the lock that allows one import or undo per account at a time on this machine (docs/contract.md#one-at-a-time):
 * two imports that do not see each other's rows would create duplicates. Throws LockHeld (`local_error`) with the holder.
 */
export async function lockIdentity(options: {
  /** The state folder. */
  readonly state: string
  readonly place: LockedPlace
  /** The account as shown to users. */
  readonly identity: string
  /** The command, shown to others while the lock is held. */
  readonly what: string
  readonly owner: Owner
  readonly now: () => number
}): Promise<Lock> {
  const { state, place, identity, what, owner, now } = options
  const folder = join(state, 'locks')
  await ensurePrivateFolder(folder)
  // Hashed, since a URL is not a valid file name.
  const name = createHash('sha256').update(lockName(place)).digest('hex')
  return takeLock(join(folder, `${name}.lock`), { owner, what: `${what} (${identity})`, now })
}

/**
 * The same name for all spellings of a base URL and all profiles with the same key, since the account is the same. Path
 * and scheme are ignored: a port belongs to one server.
 */
export function lockName({ baseUrl, key }: LockedPlace): string {
  if (baseUrl === undefined) return `sandbox ${key.mode}`
  // URL lowercases hosts, normalises IP addresses and omits the scheme's default port.
  const { protocol, hostname, port } = new URL(baseUrl)
  const host = hostname.replace(/\.+$/, '')
  const usualPort = protocol === 'https:' ? '443' : '80'
  return `${isThisMachine(host) ? 'localhost' : host}:${port || usualPort} ${key.hash}`
}

/** Loopback names and addresses, the unspecified addresses (0.0.0.0 and ::), and their IPv4-mapped forms. */
function isThisMachine(host: string): boolean {
  const others = /^(?:.+\.localhost|0\.0\.0\.0|\[::\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]|\[::ffff:0:0\])$/
  return isLoopback(host) || others.test(host)
}
