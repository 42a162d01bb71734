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

/** Where a sandbox is stored, with the clock and the process that its lock needs. */
export interface SandboxFolder {
  /** `<state>/sandbox`; created with mode 0700 on the first change. */
  readonly folder: string
  readonly owner: Owner
  /** Epoch ms. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** An overlay and its storage: memory, or a file that several processes can share. */
export interface StoredOverlay {
  /** Everything written so far, by other processes too. Do not keep a reference across an await. */
  latest(): Overlay
  /** Runs `decide` on the latest state while no other process writes; resolves once its changes are on the disk. */
  update<Result>(decide: (overlay: Overlay) => Result): Promise<Result>
  /** Waits for pending writes. */
  close(): Promise<void>
}

/** Changes that share one lock and one write. */
interface Batch {
  readonly changes: ((overlay: Overlay) => void)[]
  readonly written: Promise<void>
}

/** The file that was last read or written. It stays open so that no later file can reuse its inode. */
interface OpenFile {
  readonly path: string
  readonly file: number
  readonly stats: Stats
}

/** How long a change waits for other processes to finish theirs; ms. */
const maxWaitMs = 10_000

/** Earlier versions wrote numbered logs of the same lines. The one with the highest number is read, and then replaced. */
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
/** Its ids, cursors and changes refer to customers that do not exist in this version's shop. */
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
 * Stores the changes to a shop in one file, which is replaced as a whole. An update takes a lock, reads what other
 * processes wrote, applies the change and resolves once the new file is written, so that no confirmed change is lost to a
 * crash or to another process. Waiting updates share one lock and one write. Reads take no lock.
 *
 * @param initial the shop if there is no file yet
 * @throws CliError `local_error` from every call if the disk fails, or the file is of another version
 */
export function storeOverlay(at: SandboxFolder, initial: Shop): StoredOverlay {
  let overlay = createOverlay(initial)
  let current: OpenFile | undefined
  let batch: Batch | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isWriting = false
  let hasRemovedLeftovers = false

  function latest(): Overlay {
    // While a write runs, memory is ahead of the file.
    if (isWriting || (current && isUnchanged(current))) return overlay
    closeCurrent()
    const path = pathIn(at.folder)
    current = path === undefined ? undefined : open(path)
    try {
      overlay = current ? readOverlay(current) : createOverlay(initial)
    } catch (error) {
      closeCurrent()
      throw error
    }
    return overlay
  }

  function closeCurrent(): void {
    if (current) closeSync(current.file)
    current = undefined
  }

  /** Collects changes until the previous batch is written and the lock is acquired. */
  function openBatch(): Batch {
    const changes: Batch['changes'] = []
    const commit = async (): Promise<void> => {
      latest()
      batch = undefined
      for (const apply of changes) apply(overlay)
      if (overlay.dirty) await write()
    }
    const written = last
      .then(() => withLock(at, commit))
      .catch((error: unknown) => {
        if (batch?.changes === changes) batch = undefined
        // Memory may hold changes that never reached the file, so read it again.
        closeCurrent()
        throw error
      })
    last = written.catch(() => undefined)
    return { changes, written }
  }

  async function write(): Promise<void> {
    const path = current?.path ?? pathIn(at.folder) ?? join(at.folder, 'customers-1.ndjson')
    isWriting = true
    try {
      if (!hasRemovedLeftovers) await removeLeftovers(path)
      hasRemovedLeftovers = true
      await replaceFile(path, linesOf(overlay))
      closeCurrent()
      current = open(path)
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
        changes.push((latestOverlay) => {
          const result = decide(latestOverlay)
          written.then(() => resolve(result), reject)
        })
        written.catch(reject)
      })
    },
    async close() {
      await last
      closeCurrent()
    },
  }
}

/**
 * Erases the sandbox in this folder: the next command starts with the initial shop again, and so does a running server.
 * Deletes only the sandbox's own files. Does nothing if the folder does not exist.
 *
 * @throws CliError `local_error` if the disk fails, or another process keeps writing
 */
export async function resetSandbox(at: SandboxFolder): Promise<void> {
  if (namesIn(at.folder).length === 0) return
  await withLock(at, async () => {
    for (const name of namesIn(at.folder).filter((one) => ownFiles.test(one))) {
      const path = join(at.folder, name)
      await rm(path, { force: true }).catch((error: unknown) => {
        throw diskError('erase', path, error)
      })
    }
  })
}

async function withLock(at: SandboxFolder, work: () => Promise<void>): Promise<void> {
  await ensurePrivateFolder(at.folder)
  const options = { owner: at.owner, what: 'orafi sandbox', now: at.now }
  const lock: Lock = await waitForLock(join(at.folder, 'lock'), options, { sleep: at.sleep, maxWaitMs })
  try {
    await work()
  } finally {
    await lock.release()
  }
}

/** The path of the sandbox's file in a folder; undefined if there is none yet. */
export function pathIn(folder: string): string | undefined {
  const numbers = namesIn(folder).flatMap((name) => fileName.exec(name)?.slice(1) ?? [])
  const paths = numbers
    .sort((a, b) => Number(b) - Number(a))
    .map((n) => join(folder, `customers-${n}.ndjson`))
  // Skips dangling symbolic links.
  return paths.find((path) => existsSync(path))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    // ENOTDIR: a parent is a file. The first change reports that.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return []
    throw diskError('read', folder, error)
  }
}

function open(path: string): OpenFile | undefined {
  try {
    const file = openRegularSync(path)
    return { path, file, stats: fstatSync(file) }
  } catch (error) {
    // Another process has just reset the sandbox.
    if (errorCode(error) === 'ENOENT') return undefined
    throw diskError('read', path, error)
  }
}

function isUnchanged({ path, stats }: OpenFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false })
  return now?.ino === stats.ino && now.size === stats.size && now.mtimeMs === stats.mtimeMs
}

function readOverlay({ path, file }: OpenFile): Overlay {
  let lines: string[]
  try {
    lines = readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    throw diskError('read', path, error)
  }
  const header = v.safeParse(v.pipe(json, headerLine), lines[0])
  if (!header.success) throw formatError(path, v.is(v.pipe(json, firstVersion), lines[0]))
  const { customers, seed, next } = header.output
  const overlay = createOverlay({ customers, seed })
  overlay.next = next
  for (const line of lines.slice(1)) {
    const read = v.safeParse(changeLine, line)
    // A log of an earlier version may end in the middle of a line.
    if (!read.success) continue
    if ('delete' in read.output) change(overlay, read.output.delete, null)
    else {
      const { put, ...customer } = read.output
      // Places are given one after the other, so that a listing never walks over a gap of millions.
      if (put <= overlay.next) change(overlay, put, customer)
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

function formatError(path: string, isOld: boolean): CliError {
  const why = isOld
    ? 'was made by an earlier version of orafi'
    : 'is damaged, or was made by a later version of orafi'
  return new CliError('local_error', `the sandbox in ${path} ${why}`, {
    hint: 'erase it and start over with: orafi sandbox reset',
  })
}
