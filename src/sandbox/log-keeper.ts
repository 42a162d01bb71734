import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { type LockOptions, waitForLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { replaceFile } from '../storage/replace.ts'
import type { Decision, Keeper } from './keeper.ts'
import { type Entry, entryLine, headerLine } from './log.ts'
import { type LogFile, newLogPath } from './log-file.ts'
import { type LogView, openLogView } from './log-view.ts'
import type { Memory } from './memory.ts'
import type { Shop } from './shop.ts'

/** What a log needs of the outside. */
export interface LogPlace {
  /** `<state>/sandbox`; made, 0700, with the first change. */
  readonly folder: string
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** How long a change waits for other processes to finish theirs; ms. */
const patienceMs = 10_000

interface Job {
  /** Decides, and says what happens when the change is written. */
  decide(memory: Memory): { readonly entry: Entry | undefined; readonly done: () => void }
  reject(error: unknown): void
}

/** A job that was applied to memory, with its line for the log: empty where nothing changed. */
interface Decided {
  readonly job: Job
  readonly line: string
  done(): void
}

export interface LogKeeper extends Keeper {
  /** Is there a log already? */
  found(): boolean
  /** Writes the log anew where most of its lines have been overtaken. Leaves it alone when the disk refuses. */
  compact(): Promise<void>
}

/**
 * Keeps the records in an append-only log that several processes may use at
 * once. A change is made under a lock: what others wrote is read, the change is
 * decided on that, written, and only then answered, so that neither two
 * processes nor the end of one lose anything that was answered. All changes
 * that wait are written under one lock and in one write. Reading takes no lock.
 *
 * Until the first change there is no file: the shop's customers follow from two
 * numbers.
 *
 * @param initial the shop where there is no log yet
 */
export function openLogKeeper(place: LogPlace, initial: Shop): LogKeeper {
  const view = openLogView(place.folder, initial)
  let queue: Job[] = []
  let working: Promise<void> | undefined

  async function work(): Promise<void> {
    while (queue.length > 0) {
      try {
        await underLock(place, view, async () => commit(view.log ?? (await create(place, view, initial))))
      } catch (error) {
        for (const job of takeJobs()) job.reject(error)
      }
    }
    working = undefined
  }

  function takeJobs(): Job[] {
    const jobs = queue
    queue = []
    return jobs
  }

  function commit(log: LogFile): void {
    const decided: Decided[] = []
    for (const job of takeJobs()) {
      const done = decide(job)
      if (done) decided.push(done)
    }
    try {
      log.append(decided.map(({ line }) => line).join(''))
    } catch (error) {
      // What was applied here is not in the log.
      view.forget()
      for (const { job } of decided) job.reject(error)
      return
    }
    for (const { done } of decided) done()
  }

  function decide(job: Job): Decided | undefined {
    try {
      const { entry, done } = job.decide(view.memory)
      const line = entry ? entryLine(entry) : ''
      if (entry) view.memory.apply(entry)
      return { job, line, done }
    } catch (error) {
      job.reject(error)
      return undefined
    }
  }

  return {
    memory() {
      view.catchUp()
      return view.memory
    },
    change<Result>(decide: (memory: Memory) => Decision<Result>) {
      return new Promise<Result>((resolve, reject) => {
        queue.push({
          decide(memory) {
            const { entry, result } = decide(memory)
            return { entry, done: () => resolve(result) }
          },
          reject,
        })
        working ??= Promise.resolve().then(work)
      })
    },
    get unreadable() {
      return view.unreadable
    },
    found() {
      view.catchUp()
      return view.log !== undefined
    },
    async compact() {
      view.catchUp()
      if (!overgrown(view)) return
      try {
        await underLock(place, view, async () => {
          // Another process may have been quicker.
          if (overgrown(view)) await rewrite(place, view)
        })
      } catch (error) {
        // A long log serves as well.
        if (!(error instanceof CliError)) throw error
      }
    },
    async close() {
      await working
      view.forget()
    },
  }
}

/** The lock of a sandbox's folder: whoever writes there holds it. */
export function lockOf(place: Omit<LogPlace, 'sleep'>): readonly [path: string, options: LockOptions] {
  return [join(place.folder, 'lock'), { owner: place.owner, what: 'orafi sandbox', now: place.now }]
}

async function underLock(place: LogPlace, view: LogView, work: () => Promise<void>): Promise<void> {
  view.catchUp()
  if (!view.log) await ensurePrivateFolder(place.folder)
  const lock = await waitForLock(...lockOf(place), { sleep: place.sleep, patienceMs })
  try {
    view.catchUp()
    await work()
  } finally {
    await lock.release()
  }
}

async function create(place: LogPlace, view: LogView, shop: Shop): Promise<LogFile> {
  const path = newLogPath(place.folder, place.now())
  await replaceFile(path, headerLine({ ...shop, next: shop.customers }))
  view.catchUp()
  if (!view.log) throw new Error(`the log ${path} vanished under its lock`)
  return view.log
}

/** More than half of the lines say what later ones say otherwise. */
function overgrown(view: LogView): boolean {
  const idle = view.entries - view.memory.records.changes
  return idle >= 100 && idle > view.memory.records.changes
}

async function rewrite(place: LogPlace, view: LogView): Promise<void> {
  const old = view.log?.path
  await replaceFile(newLogPath(place.folder, place.now()), compacted(view.memory))
  if (old !== undefined) await rm(old, { force: true })
}

/** The log that says what is in memory and nothing twice, in pieces of about a megabyte. */
async function* compacted({ shop, records }: Memory): AsyncGenerator<string> {
  let piece = headerLine({ ...shop, next: records.next })
  for (const entry of entriesOf(records)) {
    piece += entryLine(entry)
    if (piece.length < 1024 * 1024) continue
    yield piece
    piece = ''
  }
  yield piece
}

function* entriesOf(records: Memory['records']): Generator<Entry> {
  for (const place of records.gone()) yield { op: 'delete', place }
  for (const [place, customer] of records.kept()) yield { op: 'put', place, customer }
}
