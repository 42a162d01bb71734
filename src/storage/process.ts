import { promises as fs, statSync } from 'node:fs'
import { getPriority, userInfo } from 'node:os'
import { errorCode } from './errors.ts'

/** Whose process this is; handed in, so that a test can be somebody else. */
export interface Owner {
  readonly pid: number
  readonly host: string
  readonly user: string
}

/**
 * The id of the user that this process acts for, as `stat` gives it for a file of theirs; undefined where the system
 * has no such thing (Windows) or does not tell.
 */
export function ownUid(): number | undefined {
  // Linux: costs no look into a directory of users, and works for a user who stands in none (containers).
  const own = statSync('/proc/self', { throwIfNoEntry: false })?.uid ?? uidByName()
  return own === undefined || own < 0 ? undefined : own
}

function uidByName(): number | undefined {
  try {
    return userInfo().uid
  } catch {
    return undefined
  }
}

/** What the system says of a process id. */
export type Life =
  | { readonly state: 'dead' }
  /** `startTime` tells apart two processes that had one id; undefined where the system does not say. */
  | { readonly state: 'alive'; readonly startTime: string | undefined }

/**
 * Is there a process of this id on this machine, and since when? On Linux the
 * start time is field 22 of `/proc/PID/stat` (ticks since boot), elsewhere what
 * `ps -o lstart=` prints. A process that ended and was only not yet collected
 * by its parent is dead. In doubt it is alive.
 */
export async function lifeOf(pid: number): Promise<Life> {
  if (!exists(pid)) return { state: 'dead' }
  try {
    return readStat(await fs.readFile(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    // It may have ended since, or be hidden from us, or there is no /proc.
    return exists(pid) ? { state: 'alive', startTime: await askPs(pid) } : { state: 'dead' }
  }
}

/**
 * Whether two start times are of one process. Undefined where they cannot be
 * compared: one is missing, or one is of /proc and the other of ps, which is
 * asked when /proc cannot be read just now.
 */
export function sameStart(
  one: string | null | undefined,
  other: string | null | undefined,
): boolean | undefined {
  const areTicks = [one, other].map((time) => /^\d+$/.test(time ?? ''))
  if (!one || !other || areTicks[0] !== areTicks[1]) return undefined
  return one === other
}

/**
 * The namespace that the process id belongs to (Linux): in another container
 * the same number is another process, though the host's name may be shared.
 * Undefined where there is no such thing.
 */
export async function pidSpace(): Promise<string | undefined> {
  return fs.readlink('/proc/self/ns/pid').catch(() => undefined)
}

/** @param text the whole of `/proc/PID/stat`; the name in parentheses may hold anything, parentheses too */
export function readStat(text: string): Life {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/)
  // Fields 3 (state), 20 (threads) and 22 (start time). The main thread can be a
  // zombie while another is still writing: only with the last one is it dead.
  const [state, threads, startTime] = [fields[0], fields[17], fields[19]]
  if ((state === 'Z' || state === 'X') && Number(threads) <= 1) return { state: 'dead' }
  return { state: 'alive', startTime }
}

/** Works on every platform, and needs no right over the process. */
function exists(pid: number): boolean {
  try {
    getPriority(pid)
    return true
  } catch (error) {
    const info = error instanceof Error && 'info' in error ? error.info : undefined
    const code = typeof info === 'object' && info && 'code' in info ? info.code : undefined
    return code !== 'ESRCH'
  }
}

async function askPs(pid: number): Promise<string | undefined> {
  try {
    // Loaded here only: Linux does not need it, and it would slow down every start.
    const [{ execFile }, { promisify }] = await Promise.all([
      import('node:child_process'),
      import('node:util'),
    ])
    const run = promisify(execFile)
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/bin:/usr/bin' },
    })
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}
