import { randomBytes } from 'node:crypto'
import { promises as fs } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { diskError, errorCode } from './errors.ts'
import { lifeOf, type Owner, pidSpace, sameStart } from './process.ts'
import { newFile, openRegular } from './regular.ts'

/** The contents of a lock file. */
export interface Holder {
  readonly pid: number
  /** When that process started, in the system's format; null if unknown. */
  readonly startTime: string | null
  /** The process id's namespace (containers); null if there is none. */
  readonly space: string | null
  readonly host: string
  /** user@host */
  readonly who: string
  /** ISO 8601. */
  readonly since: string
  /** The command that holds the lock: `orafi customers import`. */
  readonly what: string
  /** Identifies this lock among all earlier and later ones at the same path. */
  readonly token: string
}

export interface LockOptions {
  readonly owner: Owner
  readonly what: string
  /** Epoch ms. */
  now(): number
}

export interface Lock {
  readonly holder: Holder
  /** Releases the lock, unless it is no longer ours. May be called twice. */
  release(): Promise<void>
}

/** Thrown if another process holds the lock. */
export class LockHeld extends CliError {
  readonly holder: Holder | undefined
  constructor(path: string, holder: Holder | undefined, hint: string) {
    const held = holder
      ? `${visible(holder.what)} is running (process ${holder.pid} of ${visible(holder.who)}, since ${visible(holder.since)})`
      : `the lock file ${visible(path)} cannot be read`
    super('local_error', `locked: ${held}`, { hint })
    this.holder = holder
  }
}

/**
 * Takes the lock at `path`, or throws immediately. The folder must exist. A lock is taken over if its owner is dead
 * (its process id is unused, or now belongs to another process); its age does not matter, since laptops sleep. A lock
 * from another machine or container is never taken over, since its owner cannot be checked from here.
 * @throws LockHeld (`local_error`) with the holder · CliError `local_error` if the disk fails
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lock> {
  const holder = await describe(options.owner, options.what, options.now())
  for (;;) {
    if (await place(path, holder)) return heldLock(path, holder)
    const found = await readHolder(path)
    if (found === 'none') continue
    if (found === 'damaged') throw new LockHeld(path, undefined, deleteByHand(path))
    const state = await stateOf(found, holder)
    if (state !== 'dead') {
      const hint =
        state === 'alive' ? 'wait until it finishes, or stop it, then try again' : deleteByHand(path)
      throw new LockHeld(path, found === 'torn' ? undefined : found, hint)
    }
    if (await takeOver(path, found, holder, options)) return heldLock(path, holder)
  }
}

export interface LockWait {
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly signal?: AbortSignal | undefined
  /** The maximum total wait; ms. */
  readonly maxWaitMs: number
}

/**
 * As `takeLock`, but waits while the lock is held; for short critical sections.
 * @throws LockHeld if it is still held after `maxWaitMs` · the signal's reason
 */
export async function waitForLock(path: string, options: LockOptions, wait: LockWait): Promise<Lock> {
  let pause = 2
  for (let waited = 0; ; waited += pause, pause = Math.min(pause * 1.5, 50)) {
    wait.signal?.throwIfAborted()
    try {
      return await takeLock(path, options)
    } catch (error) {
      if (!(error instanceof LockHeld) || waited >= wait.maxWaitMs) throw error
    }
    await wait.sleep(pause, wait.signal)
  }
}

/**
 * Whether the lock is held. A dead holder does not count; a holder on another machine, or an unreadable lock file,
 * does. Changes nothing.
 * @throws CliError `local_error` if the disk fails
 */
export async function isLocked(path: string, owner: Pick<Owner, 'host'>): Promise<boolean> {
  const found = await readHolder(path)
  if (found === 'none') return false
  if (found === 'damaged') return true
  return (await stateOf(found, { host: owner.host, space: (await pidSpace()) ?? null })) !== 'dead'
}

const deleteByHand = (path: string): string =>
  `cannot tell from here whether it is still running; if you are sure that it is not, delete ${visible(path)}`

function heldLock(path: string, holder: Holder): Lock {
  let released: Promise<void> | undefined
  return {
    holder,
    release() {
      released ??= release(path, holder)
      return released
    },
  }
}

async function release(path: string, holder: Holder): Promise<void> {
  if (tokenOf(await readHolder(path)) !== holder.token) return
  await fs.rm(path, { force: true }).catch((error: unknown) => {
    throw diskError('remove the lock', path, error)
  })
}

/**
 * Replaces a dead lock with ours. Two contenders may both find it dead, and the slower one must not remove the lock that
 * the faster one took in the meantime. So replacing *this* dead lock requires a second lock, named after its token: while
 * it is held, a dead lock at `path` cannot change. A contender that is killed here leaves the second lock behind, which
 * is taken over in the same way.
 */
async function takeOver(path: string, dead: Found, holder: Holder, options: LockOptions): Promise<boolean> {
  const takeoverLock = await takeLock(`${path}.${tokenOf(dead)}`, options)
  try {
    if (tokenOf(await readHolder(path)) !== tokenOf(dead)) return false
    const prepared = await prepare(path, holder)
    await fs.rename(prepared, path).catch((error: unknown) => {
      throw diskError('write', path, error)
    })
    return true
  } finally {
    await takeoverLock.release()
  }
}

/** Writes the lock file under a temporary name first, so that a visible lock file is always complete. */
async function prepare(path: string, holder: Holder): Promise<string> {
  const prepared = `${path}.${holder.token}.tmp`
  try {
    const file = await openRegular(prepared, newFile)
    try {
      await file.writeFile(`${JSON.stringify({ v: 1, ...holder })}\n`)
    } finally {
      await file.close()
    }
    return prepared
  } catch (error) {
    await fs.rm(prepared, { force: true }).catch(() => undefined)
    throw diskError('write', path, error)
  }
}

/** True if the lock is ours now, false if the path already exists. */
async function place(path: string, holder: Holder): Promise<boolean> {
  const prepared = await prepare(path, holder)
  try {
    await fs.link(prepared, path)
    return true
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code))
      throw diskError('write', path, error)
    throw new CliError('local_error', `cannot lock ${visible(path)}: the disk has no hard links`, {
      hint: 'choose a folder on another disk with ORAFI_STATE_DIR',
      cause: error,
    })
  } finally {
    await fs.rm(prepared, { force: true }).catch(() => undefined)
  }
}

/** The contents of our lock file, with a new token each time. */
async function describe(owner: Owner, what: string, since: number): Promise<Holder> {
  const life = await lifeOf(owner.pid)
  return {
    pid: owner.pid,
    startTime: (life.state === 'alive' ? life.startTime : undefined) ?? null,
    space: (await pidSpace()) ?? null,
    host: owner.host,
    who: `${owner.user}@${owner.host}`,
    since: new Date(since).toISOString(),
    what,
    token: randomBytes(8).toString('hex'),
  }
}

/**
 * A lock file at the path. One that is empty or all zeros is `torn`: lock files are created complete, so it was lost in a
 * power cut, which also ended its owner.
 */
type Found = Holder | 'torn'

/** Differs between a lock file and its replacement. */
const tokenOf = (found: Found | 'none' | 'damaged'): string =>
  typeof found === 'string' ? found : found.token

/** Far larger than any lock file of ours; bytes. */
const maxSize = 64 * 1024

/** @throws CliError `local_error` if the disk fails, or if it is not a regular file */
async function readHolder(path: string): Promise<Found | 'none' | 'damaged'> {
  let file: FileHandle | undefined
  let text: string
  try {
    file = await openRegular(path)
    if ((await file.stat()).size > maxSize) return 'damaged'
    text = await file.readFile('utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none'
    throw diskError('read', path, error)
  } finally {
    await file?.close()
  }
  if (/^\0*$/.test(text)) return 'torn'
  try {
    const value: unknown = JSON.parse(text)
    return isHolder(value) ? value : 'damaged'
  } catch {
    return 'damaged'
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  const holder = value as Partial<Record<keyof Holder, unknown>>
  const texts = [holder.host, holder.who, holder.since, holder.what, holder.token]
  return (
    Number.isInteger(holder.pid) &&
    Number(holder.pid) > 0 &&
    texts.every((text) => typeof text === 'string') &&
    // The token becomes part of a file name.
    /^[0-9a-f]+$/.test(String(holder.token))
  )
}

/**
 * Whether the holder is alive. `unknown` if it is on another machine or in another container, or if the system does not
 * report when processes started.
 */
async function stateOf(
  found: Found,
  here: Pick<Holder, 'host' | 'space'>,
): Promise<'alive' | 'dead' | 'unknown'> {
  if (found === 'torn') return 'dead'
  if (found.host !== here.host || found.space !== here.space) return 'unknown'
  const life = await lifeOf(found.pid)
  if (life.state === 'dead') return 'dead'
  const same = sameStart(life.startTime, found.startTime)
  if (same === undefined) return 'unknown'
  return same ? 'alive' : 'dead'
}
