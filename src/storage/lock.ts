import { randomBytes } from 'node:crypto'
import { promises as fs } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import { visible } from '../visible.ts'
import { diskError, errorCode } from './errors.ts'
import { lifeOf, type Owner, pidSpace, sameStart } from './process.ts'
import { newFile, openRegular } from './regular.ts'

/** What a lock file says of its holder. */
export interface Holder {
  readonly pid: number
  /** When that process began, as the system writes it; null where it does not say. */
  readonly startTime: string | null
  /** The namespace of the process id (containers); null where there is none. */
  readonly space: string | null
  readonly host: string
  /** user@host */
  readonly who: string
  /** ISO 8601. */
  readonly since: string
  /** What is being done, as it follows "held by": `orafi customers import`. */
  readonly what: string
  /** Tells this very lock apart from any other that stood, or will stand, at its path. */
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
  /** Lets go; does nothing when the lock is not ours (any more). May be called twice. */
  release(): Promise<void>
}

/** The error of a lock that somebody else has, with who it is. */
export class LockHeld extends CliError {
  readonly holder: Holder | undefined
  constructor(path: string, holder: Holder | undefined, hint: string) {
    const held = holder
      ? `${visible(holder.what)} is going on (process ${holder.pid} of ${visible(holder.who)}, since ${visible(holder.since)})`
      : `the lock file ${visible(path)} cannot be read`
    super('local_error', `locked: ${held}`, { hint })
    this.holder = holder
  }
}

/**
 * Takes the lock at `path`, or throws at once. The folder must be there. A lock
 * whose owner is dead (its process id is free, or another process has it now) is
 * taken over; age does not matter, since laptops sleep. A lock from another
 * machine or container is never taken over: nobody can see from here whether
 * its owner lives.
 *
 * @throws LockHeld (`local_error`) naming the holder · CliError `local_error` when the disk refuses
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lock> {
  const holder = await describe(options.owner, options.what, options.now())
  for (;;) {
    if (await place(path, holder)) return heldLock(path, holder)
    const found = await readHolder(path)
    if (found === 'none') continue
    if (found === 'damaged') throw new LockHeld(path, undefined, byHand(path))
    const state = await stateOf(found, holder)
    if (state !== 'dead') {
      const hint = state === 'alive' ? 'wait until it is done, or stop it, then try again' : byHand(path)
      throw new LockHeld(path, found === 'torn' ? undefined : found, hint)
    }
    if (await takeOver(path, found, holder, options)) return heldLock(path, holder)
  }
}

export interface Patience {
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly signal?: AbortSignal | undefined
  /** The longest that is waited in all; ms. */
  readonly patienceMs: number
}

/**
 * As `takeLock`, but waits for a living holder: for short critical sections.
 *
 * @throws LockHeld when it is still held after `patienceMs` · the signal's reason
 */
export async function waitForLock(path: string, options: LockOptions, patience: Patience): Promise<Lock> {
  let pause = 2
  for (let waited = 0; ; waited += pause, pause = Math.min(pause * 1.5, 50)) {
    patience.signal?.throwIfAborted()
    try {
      return await takeLock(path, options)
    } catch (error) {
      if (!(error instanceof LockHeld) || waited >= patience.patienceMs) throw error
    }
    await patience.sleep(pause, patience.signal)
  }
}

/**
 * Is the lock held now? Not when its holder is dead; a holder on another
 * machine, or a lock file that cannot be understood, counts as alive. Changes
 * nothing.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function isLocked(path: string, owner: Pick<Owner, 'host'>): Promise<boolean> {
  const found = await readHolder(path)
  if (found === 'none') return false
  if (found === 'damaged') return true
  return (await stateOf(found, { host: owner.host, space: (await pidSpace()) ?? null })) !== 'dead'
}

const byHand = (path: string): string =>
  `whether it still runs cannot be seen from here; when you are sure that it does not, delete ${visible(path)}`

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
 * Puts our lock where a dead one stands. Two contenders may both have judged it
 * dead, and the slower one must not remove the lock that the faster one took
 * meanwhile. So the right to replace *this* dead lock is itself a lock, named
 * after its token: under it the file at `path` changes no more if it still is
 * the dead one, since its owner cannot and others may not. A contender that is
 * killed here leaves that second lock behind, which is taken over likewise.
 */
async function takeOver(path: string, dead: Found, holder: Holder, options: LockOptions): Promise<boolean> {
  const right = await takeLock(`${path}.${tokenOf(dead)}`, options)
  try {
    if (tokenOf(await readHolder(path)) !== tokenOf(dead)) return false
    const prepared = await prepare(path, holder)
    await fs.rename(prepared, path).catch((error: unknown) => {
      throw diskError('write', path, error)
    })
    return true
  } finally {
    await right.release()
  }
}

/** Writes the lock file whole under another name: a lock that can be seen can be read. */
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

/** True when the lock is ours now, false when something stands at the path. */
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

/** Who we are, as our lock file will say it; a new token each time. */
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
 * What stands at a lock's path. An empty file, or one of zeros, is `torn`: lock
 * files appear whole, so only a power cut can have emptied it, and its owner
 * ended with it.
 */
type Found = Holder | 'torn'

/** Tells one finding from another: a lock file that was replaced has another token. */
const tokenOf = (found: Found | 'none' | 'damaged'): string =>
  typeof found === 'string' ? found : found.token

/** Far more than a lock file of ours holds; bytes. */
const largest = 64 * 1024

/** @throws CliError `local_error` when the disk refuses, or where something else than a file stands */
async function readHolder(path: string): Promise<Found | 'none' | 'damaged'> {
  let file: FileHandle | undefined
  let text: string
  try {
    file = await openRegular(path)
    if ((await file.stat()).size > largest) return 'damaged'
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
  // The token becomes part of a file's name.
  return (
    Number.isInteger(holder.pid) &&
    Number(holder.pid) > 0 &&
    texts.every((text) => typeof text === 'string') &&
    /^[0-9a-f]+$/.test(String(holder.token))
  )
}

/**
 * Does the holder live? `unknown` where that cannot be seen from here: another
 * machine or container, or a system that does not say when a process began.
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
