import { LockHeld, takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { removeLeftovers, replaceFile } from '../storage/replace.ts'
import { createTextSet, type TextSet } from '../text-set.ts'
import { eachLine, type RunFile, type RunLine, runLines, withRunFile } from './file.ts'
import { idsIn, mentions, type Person } from './person.ts'
import { leftCopies, lockPath, runPath } from './place.ts'
import { type Entry, lineOf } from './records.ts'
import { withoutPersonal } from './run.ts'
import { createTally } from './tally.ts'

/** Whose data: everybody's, or that of somebody. */
export type Whose = 'all' | Person

/**
 * How many records of a run hold personal data that could be erased: whole
 * customers, and the hashes and messages from which one could be guessed.
 *
 * @throws CliError `not_found` where there is no such run · `local_error` where it is damaged
 */
export function countPersonal(folder: string, run: string, whose: Whose): Promise<number> {
  return withRunFile(folder, run, async (file) => {
    const affected = await affectedItems(file, whose)
    const personal = createTextSet()
    await eachLine(file, ({ entry }) => {
      if (affected(entry) && isPersonal(entry)) personal.numberOf(entry.item)
    })
    return personal.size
  })
}

export interface ForgetOptions {
  readonly folder: string
  readonly run: string
  readonly whose: Whose
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
}

/**
 * Erases personal data from a run by writing its file anew without them; ids
 * and outcomes stay. Who reads the file meanwhile sees the old or the new one.
 * The freed blocks of the disk are overwritten when the disk sees fit.
 *
 * @returns how many records were erased
 * @throws LockHeld (`local_error`) while the run is going on · CliError as `countPersonal`
 */
export async function forgetRun({ folder, run, whose, owner, now }: ForgetOptions): Promise<number> {
  await withRunFile(folder, run, async () => undefined)
  const lock = await takeLock(lockPath(folder, run), { owner, what: 'orafi runs forget', now })
  const path = runPath(folder, run)
  try {
    await removeLeftovers(path)
    return await withRunFile(folder, run, async (file) => {
      const affected = await affectedItems(file, whose)
      const erased = createTextSet()
      await replaceFile(path, rewritten(file, { affected, erased, all: whose === 'all', at: now() }))
      return erased.size
    })
  } finally {
    await lock.release()
  }
}

/**
 * Removes the copies of runs that a killed `forgetRun` left behind, since they hold what is to be erased. Those of a
 * run that is going on are left alone.
 */
export async function removeLeftCopies(
  folder: string,
  options: { readonly owner: Owner; now(): number },
): Promise<void> {
  for (const run of await leftCopies(folder)) {
    const lock = await takeLock(lockPath(folder, run), { ...options, what: 'orafi runs forget' }).catch(
      (error: unknown) => {
        if (error instanceof LockHeld) return undefined
        throw error
      },
    )
    if (lock === undefined) continue
    try {
      await removeLeftovers(runPath(folder, run))
    } finally {
      await lock.release()
    }
  }
}

type Personal = Extract<Entry, { type: 'intent' | 'outcome' }>

function isPersonal(entry: Personal): boolean {
  if (entry.type === 'intent') return entry.record !== undefined || entry.hash !== undefined
  return entry.fingerprint !== undefined || entry.message !== undefined
}

/**
 * Which entries are about them. An import's intent does not know the id that
 * its row will get, so their items are gathered before.
 */
async function affectedItems(file: RunFile, whose: Whose): Promise<(entry: Entry) => entry is Personal> {
  const all = whose === 'all'
  const items = new Set<string>()
  if (!all) {
    await eachLine(file, ({ entry }) => {
      if (entry.type !== 'intent' && entry.type !== 'outcome') return
      if (idsIn(entry).some((id) => whose.ids.has(id)) || mentions(entry, whose.emails)) items.add(entry.item)
    })
  }
  return (entry): entry is Personal =>
    (entry.type === 'intent' || entry.type === 'outcome') && (all || items.has(entry.item))
}

interface Rewriting {
  readonly affected: (entry: Entry) => entry is Personal
  /** Takes the items of which something was erased. */
  readonly erased: TextSet
  /** Everybody's data goes: the run says of itself that it was forgotten. */
  readonly all: boolean
  /** Epoch ms. */
  readonly at: number
}

async function* rewritten(file: RunFile, to: Rewriting): AsyncGenerator<string> {
  const tally = createTally()
  for await (const block of runLines(file)) {
    let text = ''
    for (const line of block) {
      const { entry } = line
      if (entry.type === 'intent') tally.add(entry.item)
      else if (entry.type === 'outcome') tally.conclude(entry)
      text += rewriteLine(line, to)
    }
    yield text
  }
  const counts = { items: tally.items(), done: tally.done() }
  yield lineOf({ type: 'end', at: to.at, ...counts })
}

function rewriteLine({ entry, text }: RunLine, { affected, erased, all, at }: Rewriting): string {
  // What is kept is kept to the byte; the counts are written anew at the end.
  if (entry.type === 'end') return ''
  if (entry.type === 'forgotten') return all ? '' : `${text}\n`
  if (entry.type === 'run') return `${text}\n${all ? lineOf({ type: 'forgotten', at }) : ''}`
  if (!affected(entry) || !isPersonal(entry)) return `${text}\n`
  erased.numberOf(entry.item)
  return lineOf(erase(entry))
}

function erase(entry: Personal): Entry {
  if (entry.type === 'outcome') return { ...withoutPersonal(entry), type: 'outcome' }
  return { type: 'intent', item: entry.item, at: entry.at, forgotten: true }
}
