import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError, errorCode } from '../storage/errors.ts'
import { waitForLock } from '../storage/lock.ts'
import { type LogPlace, lockOf } from './log-keeper.ts'

/** A log, or what a compaction that was killed left of one. */
const sandboxFile = /^\.?customers-\d+\.ndjson(\.[0-9a-f]+\.tmp)?$/

/**
 * Erases all that the sandbox in this folder knows; the next command finds the
 * first shop again, and so does a server that is running over it. Nothing that
 * the sandbox did not make is touched. Does nothing where there is no folder.
 *
 * @throws CliError `local_error` when the disk refuses, or another process keeps on writing
 */
export async function resetSandbox(place: LogPlace): Promise<void> {
  if ((await namesIn(place.folder)).length === 0) return
  const lock = await waitForLock(...lockOf(place), { sleep: place.sleep, patienceMs: 10_000 })
  try {
    for (const name of await namesIn(place.folder)) {
      if (sandboxFile.test(name)) await erase(join(place.folder, name))
    }
  } finally {
    await lock.release()
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return []
    throw diskError('read', folder, error)
  }
}

async function erase(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw diskError('erase', path, error)
  })
}
