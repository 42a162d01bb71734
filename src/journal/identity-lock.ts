import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isLoopback } from '../loopback.ts'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { type Lock, takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'

/** Whose customers are changed: by the key, and where that is sent. */
export interface LockedPlace {
  /** Undefined for the sandbox: a state folder has one. */
  readonly baseUrl: string | undefined
  readonly key: { readonly mode: string; readonly hash: string }
}

/**
 * Import and undo change one account one at a time on this machine (docs/contract.md#one-at-a-time): two that do not
 * see each other's rows would double them. Throws LockHeld (`local_error`) naming who holds it.
 */
export async function lockIdentity(options: {
  /** The state folder. */
  readonly state: string
  readonly place: LockedPlace
  /** The place as people know it. */
  readonly identity: string
  /** What is being done, for whoever comes second. */
  readonly what: string
  readonly owner: Owner
  readonly now: () => number
}): Promise<Lock> {
  const { state, place, identity, what, owner, now } = options
  const folder = join(state, 'locks')
  await ensurePrivateFolder(folder)
  // The name of a lock holds a URL, which is no file's name.
  const name = createHash('sha256').update(nameOf(place)).digest('hex')
  return takeLock(join(folder, `${name}.lock`), { owner, what: `${what} (${identity})`, now })
}

function nameOf({ baseUrl, key }: LockedPlace): string {
  return baseUrl === undefined ? `sandbox ${key.mode}` : lockName({ baseUrl, keyHash: key.hash })
}

/**
 * One name for all spellings of a place and all profiles that hold the key: the account is the same, whatever they are
 * called. The path does not count, nor does the scheme: one port is one server.
 *
 * @param baseUrl an absolute http or https URL
 */
export function lockName({
  baseUrl,
  keyHash,
}: {
  readonly baseUrl: string
  readonly keyHash: string
}): string {
  // URL writes hosts in small letters, addresses in one form, and leaves out the port that the scheme implies.
  const { protocol, hostname, port } = new URL(baseUrl)
  const host = hostname.replace(/\.+$/, '')
  const usualPort = protocol === 'https:' ? '443' : '80'
  return `${isThisMachine(host) ? 'localhost' : host}:${port || usualPort} ${keyHash}`
}

/** All that leads to this machine: its names, 127.0.0.0/8, ::1, both as one writes "any address", and IPv4 within IPv6. */
function isThisMachine(host: string): boolean {
  const others = /^(?:.+\.localhost|0\.0\.0\.0|\[::\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]|\[::ffff:0:0\])$/
  return isLoopback(host) || others.test(host)
}
