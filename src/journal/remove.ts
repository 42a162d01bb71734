import { rm } from 'node:fs/promises'
import { diskError } from '../storage/errors.ts'
import { syncFolder } from '../storage/folders.ts'
import { takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { removeLeftovers } from '../storage/replace.ts'
import { lockPath, runPath } from './place.ts'

/**
 * Removes a whole run: `sandbox reset` takes those of the sandbox along. Does
 * nothing where it is gone already. The folder must be there.
 *
 * @throws LockHeld (`local_error`) while the run is going on · CliError `local_error` when the disk refuses
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
