import { randomBytes } from 'node:crypto'
import { diskError, errorCode } from './errors.ts'
import { lifeOf, type Owner, pidSpace, sameStart } from './process.ts'
import { openRegular } from './regular.ts'

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

/** Who we are, as our lock file will say it; a new token each time. */
export async function describe(owner: Owner, what: string, since: number): Promise<Holder> {
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
export type Found = Holder | 'torn'

/** Tells one finding from another: a lock file that was replaced has another token. */
export const tokenOf = (found: Found | 'none' | 'damaged'): string =>
  typeof found === 'string' ? found : found.token

/** Far more than a lock file of ours holds; bytes. */
const largest = 64 * 1024

/** @throws CliError `local_error` when the disk refuses, or where something else than a file stands */
export async function readHolder(path: string): Promise<Found | 'none' | 'damaged'> {
  let text: string
  try {
    const file = await openRegular(path)
    try {
      if ((await file.stat()).size > largest) return 'damaged'
      text = await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none'
    throw diskError('read', path, error)
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
export async function judge(
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
