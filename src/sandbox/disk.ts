import { closeSync, existsSync, fstatSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { CliError } from '../errors.ts'
import { diskError, errorCode } from '../storage/errors.ts'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { type Lock, waitForLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { openRegularSync } from '../storage/regular.ts'
import { removeLeftovers, replaceFile } from '../storage/replace.ts'
import { change, createOverlay, type Overlay } from './overlay.ts'
import { modes, type Shop } from './shop.ts'

/** Where a sandbox is kept, and what that needs of the outside. */
export interface SandboxFolder {
  /** `<state>/sandbox`; made, 0700, with the first change. */
  readonly folder: string
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** An overlay and its keeping: in memory, or in a file that several processes may use at once. */
export interface KeptOverlay {
  /** All that was written so far, by other processes too. Not to be held across a wait. */
  latest(): Overlay
  /** Decides on the latest, with no other process writing meanwhile; resolves when what it changed is written. */
  update<Result>(decide: (overlay: Overlay) => Result): Promise<Result>
  /** Waits for what is being written. */
  close(): Promise<void>
}

/** Changes that share one lock and one write. */
interface Batch {
  readonly changes: ((overlay: Overlay) => void)[]
  readonly written: Promise<void>
}

/** The file that was read or written last. While it is open, no later one can have its inode. */
interface Held {
  readonly path: string
  readonly file: number
  readonly stats: Stats
}

/** How long a change waits for other processes to finish theirs; ms. */
const patienceMs = 10_000

/** Earlier versions kept a log of the same lines and gave each new one a higher number. The newest is read, and replaced. */
const fileName = /^customers-(\d+)\.ndjson$/
const ownFiles = /^\.?customers-\d+\.ndjson(\.[0-9a-f]+\.tmp)?$/

const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const json = v.pipe(v.string(), v.parseJson())
const headerLine = v.object({
  v: v.literal(2),
  type: v.literal('sandbox'),
  customers: place,
  seed: v.pipe(v.number(), v.safeInteger()),
  next: place,
})
/** Its ids, cursors and changes belong to customers that this version's shop does not have. */
const firstVersion = v.object({ v: v.literal(1), type: v.literal('sandbox') })
const put = v.object({
  put: place,
  firstname: v.string(),
  lastname: v.string(),
  email: v.string(),
  mode: v.pipe(v.array(v.picklist(modes)), v.minLength(1)),
  totalSpent: v.number(),
  createdAt: place,
  updatedAt: place,
})
const changeLine = v.pipe(json, v.union([v.object({ delete: place }), put]))

/**
 * Keeps the changes to a shop in one file, which is replaced whole. A change is made under a lock: what others wrote is
 * read, the change is decided on that, written, and only then answered, so that neither two processes nor the end of one
 * lose anything that was answered. All changes that wait share one lock and one write. Reading takes no lock.
 *
 * @param initial the shop where there is no file yet
 * @throws CliError `local_error` when the disk refuses, or the file is of another version, in every call
 */
export function keepOverlay(at: SandboxFolder, initial: Shop): KeptOverlay {
  let overlay = createOverlay(initial)
  let held: Held | undefined
  let batch: Batch | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isWriting = false
  let isSwept = false

  function latest(): Overlay {
    // What is being written is in memory already.
    if (isWriting || (held && isCurrent(held))) return overlay
    forget()
    const path = pathIn(at.folder)
    held = path === undefined ? undefined : hold(path)
    try {
      overlay = held ? readOverlay(held) : createOverlay(initial)
    } catch (error) {
      forget()
      throw error
    }
    return overlay
  }

  function forget(): void {
    if (held) closeSync(held.file)
    held = undefined
  }

  /** Takes changes until the batch before is written and the lock is ours. */
  function openBatch(): Batch {
    const changes: Batch['changes'] = []
    const commit = async (): Promise<void> => {
      latest()
      batch = undefined
      for (const make of changes) make(overlay)
      if (overlay.dirty) await write()
    }
    const written = last
      .then(() => underLock(at, commit))
      .catch((error: unknown) => {
        if (batch?.changes === changes) batch = undefined
        // What was changed in memory may not be in the file: that is read again.
        forget()
        throw error
      })
    last = written.catch(() => undefined)
    return { changes, written }
  }

  async function write(): Promise<void> {
    const path = held?.path ?? pathIn(at.folder) ?? join(at.folder, 'customers-1.ndjson')
    isWriting = true
    try {
      if (!isSwept) await removeLeftovers(path)
      isSwept = true
      await replaceFile(path, linesOf(overlay))
      forget()
      held = hold(path)
      overlay.dirty = false
    } finally {
      isWriting = false
    }
  }

  return {
    latest,
    update(decide) {
      batch ??= openBatch()
      const { changes, written } = batch
      return new Promise((resolve, reject) => {
        changes.push((current) => {
          const result = decide(current)
          written.then(() => resolve(result), reject)
        })
        written.catch(reject)
      })
    },
    async close() {
      await last
      forget()
    },
  }
}

/**
 * Erases all that the sandbox in this folder knows; the next command finds the first shop again, and so does a server
 * that is running over it. Nothing that the sandbox did not make is touched. Does nothing where there is no folder.
 *
 * @throws CliError `local_error` when the disk refuses, or another process keeps on writing
 */
export async function resetSandbox(at: SandboxFolder): Promise<void> {
  if (namesIn(at.folder).length === 0) return
  await underLock(at, async () => {
    for (const name of namesIn(at.folder).filter((one) => ownFiles.test(one))) {
      const path = join(at.folder, name)
      await rm(path, { force: true }).catch((error: unknown) => {
        throw diskError('erase', path, error)
      })
    }
  })
}

async function underLock(at: SandboxFolder, work: () => Promise<void>): Promise<void> {
  await ensurePrivateFolder(at.folder)
  const options = { owner: at.owner, what: 'orafi sandbox', now: at.now }
  const lock: Lock = await waitForLock(join(at.folder, 'lock'), options, { sleep: at.sleep, patienceMs })
  try {
    await work()
  } finally {
    await lock.release()
  }
}

/** The file of the sandbox in a folder; undefined where there is none yet. */
export function pathIn(folder: string): string | undefined {
  const numbers = namesIn(folder).flatMap((name) => fileName.exec(name)?.slice(1) ?? [])
  const paths = numbers
    .sort((a, b) => Number(b) - Number(a))
    .map((n) => join(folder, `customers-${n}.ndjson`))
  // A link that leads nowhere is not there.
  return paths.find((path) => existsSync(path))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    // A path that leads through a file is no folder; a change there fails with what is wrong.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return []
    throw diskError('read', folder, error)
  }
}

function hold(path: string): Held | undefined {
  try {
    const file = openRegularSync(path)
    return { path, file, stats: fstatSync(file) }
  } catch (error) {
    // Another process has reset the sandbox meanwhile.
    if (errorCode(error) === 'ENOENT') return undefined
    throw diskError('read', path, error)
  }
}

function isCurrent({ path, stats }: Held): boolean {
  const now = statSync(path, { throwIfNoEntry: false })
  return now?.ino === stats.ino && now.size === stats.size && now.mtimeMs === stats.mtimeMs
}

function readOverlay({ path, file }: Held): Overlay {
  let lines: string[]
  try {
    lines = readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    throw diskError('read', path, error)
  }
  const header = v.safeParse(v.pipe(json, headerLine), lines[0])
  if (!header.success) throw otherFormat(path, v.is(v.pipe(json, firstVersion), lines[0]))
  const { customers, seed, next } = header.output
  const overlay = createOverlay({ customers, seed })
  overlay.next = next
  for (const line of lines.slice(1)) {
    const read = v.safeParse(changeLine, line)
    // A log of an earlier version may end within a line.
    if (!read.success) continue
    if ('delete' in read.output) change(overlay, read.output.delete, null)
    else {
      const { put, ...customer } = read.output
      change(overlay, put, customer)
    }
  }
  overlay.dirty = false
  return overlay
}

/** The file's text in pieces of about a megabyte. */
async function* linesOf({ shop, next, changes }: Overlay): AsyncGenerator<string> {
  let piece = `${JSON.stringify({ v: 2, type: 'sandbox', ...shop, next })}\n`
  for (const [place, customer] of changes) {
    piece += `${JSON.stringify(customer ? { put: place, ...customer } : { delete: place })}\n`
    if (piece.length < 1024 * 1024) continue
    yield piece
    piece = ''
  }
  yield piece
}

function otherFormat(path: string, isOld: boolean): CliError {
  const why = isOld ? 'was made by an earlier version of orafi' : 'is damaged, or of a later version of orafi'
  return new CliError('local_error', `the sandbox in ${path} ${why}`, {
    hint: 'erase it and begin again with: orafi sandbox reset',
  })
}
