import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { ensurePrivateFolder } from '../disk/folders.ts'
import { type Lock, takeLock } from '../disk/lock.ts'
import type { Owner } from '../disk/process.ts'

/**
 * Import and undo change one place one at a time on this machine (contract, "Runs"): two that do not see each other's
 * rows would double them. Throws LockHeld (`local_error`) naming who holds it.
 */
export async function lockIdentity(options: {
  /** The state folder. */
  readonly state: string
  readonly identity: string
  /** What is being done, for whoever comes second. */
  readonly what: string
  readonly owner: Owner
  readonly now: () => number
}): Promise<Lock> {
  const { state, identity, what, owner, now } = options
  const folder = join(state, 'locks')
  await ensurePrivateFolder(folder)
  // An identity holds a URL, which is no file's name.
  const name = createHash('sha256').update(identity).digest('hex').slice(0, 32)
  return takeLock(join(folder, `${name}.lock`), { owner, what: `${what} (${identity})`, now })
}
