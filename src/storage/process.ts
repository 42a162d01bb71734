import { promises as fs, statSync } from 'node:fs'
import { getPriority, userInfo } from 'node:os'
import { errorCode } from './errors.ts'

/** The current process and user; a parameter, so that tests can use others. */
export interface Owner {
  readonly pid: number
  readonly host: string
  readonly user: string
}

/**
 * The effective user id of this process, as `stat` returns it for the user's files; undefined if the system has none
 * (Windows) or does not report it.
 */
export function ownUid(): number | undefined {
  // On Linux, this needs no user database, and works for users without an entry in it (containers).
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

/** The state of a process id. */
export type Life =
  | { readonly state: 'dead' }
  /** `startTime` distinguishes processes that reuse the same id; undefined if the system does not report it. */
  | { readonly state: 'alive'; readonly startTime: string | undefined }

/**
 * Whether a process with this id is running on this machine, and since when. On Linux, the start time is field 22 of
 * `/proc/PID/stat` (ticks since boot), elsewhere the output of `ps -o lstart=`. A zombie is dead. If in doubt, the process
 * counts as alive.
 */
export async function lifeOf(pid: number): Promise<Life> {
  if (!exists(pid)) return { state: 'dead' }
  try {
    return readStat(await fs.readFile(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    // It may have ended since, or is hidden from us, or there is no /proc.
    return exists(pid) ? { state: 'alive', startTime: await askPs(pid) } : { state: 'dead' }
  }
}

/**
 * Whether two start times are equal. Undefined if they cannot be compared: one is missing, or one is from /proc and the
 * other from `ps`, the fallback.
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
 * The namespace of our process id (Linux): in another container, the same id is another process, even if the host name is
 * the same. Undefined if there are no namespaces.
 */
export async function pidSpace(): Promise<string | undefined> {
  return fs.readlink('/proc/self/ns/pid').catch(() => undefined)
}

/** @param text the contents of `/proc/PID/stat`; the name in parentheses may contain anything, even parentheses */
export function readStat(text: string): Life {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/)
  // Fields 3 (state), 20 (threads) and 22 (start time). The main thread can be a zombie while another one is still
  // writing: the process is dead only when one thread is left.
  const [state, threads, startTime] = [fields[0], fields[17], fields[19]]
  if ((state === 'Z' || state === 'X') && Number(threads) <= 1) return { state: 'dead' }
  return { state: 'alive', startTime }
}

/** Works on every platform, and needs no permissions for the process. */
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
