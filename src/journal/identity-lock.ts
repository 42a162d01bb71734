import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isLoopback } from '../loopback.ts'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { type Lock, takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'

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
