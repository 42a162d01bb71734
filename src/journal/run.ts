import { rm } from 'node:fs/promises'
import { type Append, openAppend } from '../storage/append.ts'
import { diskError } from '../storage/errors.ts'
import { ensurePrivateFolder, syncFolder } from '../storage/folders.ts'
import { type Lock, LockHeld, takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { kindAt } from '../storage/regular.ts'
import { removeLeftovers, replaceFile } from '../storage/replace.ts'
import { lockPath, newRunId, runPath, withRunFile } from './file.ts'
import { createTally, indexRun, type Tally } from './read.ts'
import {
  type Intent,
  journalVersion,
  lineOf,
  type Outcome,
  type RunCommand,
  type RunHeader,
} from './records.ts'

/** A run that is going on: its lock is held until it is closed. */
export interface OpenRun {
  readonly id: string
  /**
   * Writes what is about to be done. Resolves when it is on the disk, with one
   * fsync for all who wait: only then may the requests leave.
   */
  intend(intents: readonly Intent[]): Promise<void>
  /**
   * Writes what became of it; resolves when that is written. Not fsynced before
   * the next intents or the end: an outcome that a power cut takes along is
   * unknown later, which is safe.
   */
  conclude(outcomes: readonly Outcome[]): Promise<void>
  /** Writes the counts, fsyncs, lets go of the lock. May be called twice. */
  close(): Promise<void>
}

/** What the caller says of a new run. */
export type NewRun = Omit<RunHeader, 'v' | 'type' | 'run' | 'when'>

export interface RunOptions {
  /** `<state>/runs`; made where it is missing. */
  readonly folder: string
  readonly header: NewRun
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
  random(): number
}

/** A run's command as it was typed. */
const typed: Record<RunCommand, string> = {
  delete: 'orafi customers delete',
  import: 'orafi customers import',
  undo: 'orafi runs undo',
}

/**
 * Begins a run: its header is on the disk and its lock held when this resolves.
 *
 * @throws CliError `local_error` when the disk refuses: nothing must be sent then
 */
export async function openRun({ folder, header, owner, now, random }: RunOptions): Promise<OpenRun> {
  await ensurePrivateFolder(folder)
  const begun = now()
  const what = typed[header.command]
  const { id, lock } = await newLock(folder, { owner, what, now }, () => newRunId(begun, random))
  return orRelease(lock, async () => {
    const when = new Date(begun).toISOString()
    const path = runPath(folder, id)
    // The file appears with its header in it: there is never a run that does not say what it is.
    await replaceFile(path, lineOf({ v: journalVersion, type: 'run', run: id, when, ...header }))
    const log = await openAppend(path)
    return writeRun({ id, lock, log, now, tally: createTally(), personal: header.personal })
  })
}

/**
 * Holds a run that is over, so that nobody undoes or forgets it meanwhile.
 *
 * @throws LockHeld while it is going on · CliError `not_found`
 */
export async function holdRun(
  folder: string,
  run: string,
  options: { readonly owner: Owner; readonly what: string; now(): number },
): Promise<Lock> {
  await withRunFile(folder, run, async () => undefined)
  return takeLock(lockPath(folder, run), options)
}

/**
 * Opens a run again, to add outcomes that were found out later.
 *
 * @throws LockHeld (`local_error`) while it is going on · CliError `not_found`, or `local_error` where it is damaged
 */
export async function reopenRun(options: {
  readonly folder: string
  readonly run: string
  readonly owner: Owner
  now(): number
}): Promise<OpenRun> {
  const { folder, run: id, owner, now } = options
  const path = runPath(folder, id)
  const lock = await holdRun(folder, id, { owner, what: 'settling a run', now })
  return orRelease(lock, async () => {
    const { header, forgotten, tally } = await withRunFile(folder, id, indexRun)
    const personal = header?.personal === true && !forgotten
    return writeRun({ id, lock, log: await openAppend(path), now, tally, personal })
  })
}

/** What an open run writes with. */
export interface Writing {
  readonly id: string
  readonly lock: Lock
  readonly log: Append
  readonly tally: Tally
  /** Whether personal data may be written. */
  readonly personal: boolean
  now(): number
}

/** A run that is open, over a file that takes lines. */
export function writeRun({ id, lock, log, tally, personal, now }: Writing): OpenRun {
  let closed: Promise<void> | undefined
  const end = async (): Promise<void> => {
    try {
      const ended = lineOf({ type: 'end', at: now(), ...tally.counts() })
      // Its failure is reported by closing, with everything else that could not be kept.
      await log.append(ended, false).catch(() => undefined)
      await log.close()
    } finally {
      await lock.release()
    }
  }
  return {
    id,
    intend(intents) {
      let lines = ''
      for (const intent of intents) {
        tally.add(intent.item)
        lines += lineOf({ type: 'intent', ...(personal ? intent : { item: intent.item, at: intent.at }) })
      }
      return log.append(lines, true)
    },
    conclude(outcomes) {
      let lines = ''
      for (const outcome of outcomes) {
        tally.conclude(outcome)
        lines += lineOf({ type: 'outcome', ...(personal ? outcome : withoutPersonal(outcome)) })
      }
      return log.append(lines, false)
    },
    close() {
      closed ??= end()
      return closed
    },
  }
}

/**
 * An outcome without what tells of a person: the fingerprint could be guessed
 * from an e-mail and a name, and the server's message may quote either.
 */
export function withoutPersonal(outcome: Outcome): Outcome {
  const { fingerprint: _, message: __, ...rest } = outcome
  return rest
}

async function orRelease<Value>(lock: Lock, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** A lock of a run that is new: two runs of one second may have drawn the same four characters. */
async function newLock(
  folder: string,
  options: Parameters<typeof takeLock>[1],
  draw: () => string,
): Promise<{ id: string; lock: Lock }> {
  for (let attempt = 1; ; attempt++) {
    const id = draw()
    const path = runPath(folder, id)
    try {
      const lock = await takeLock(lockPath(folder, id), options)
      if (!(await isThere(path))) return { id, lock }
      await lock.release()
      if (attempt >= 100) throw new Error(`no free run id like ${id}`)
    } catch (error) {
      if (!(error instanceof LockHeld) || attempt >= 100) throw error
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await kindAt(path)) !== undefined
  } catch (error) {
    throw diskError('read', path, error)
  }
}

/**
 * Removes a whole run: `sandbox reset` takes those of the sandbox along. Does nothing where it is gone already. The
 * folder must be there.
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
