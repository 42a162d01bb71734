import { closeSync, fstatSync, readdirSync, readSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { CliError } from '../errors.ts'
import { openAppend } from '../storage/append.ts'
import { diskError, errorCode } from '../storage/errors.ts'
import { ensurePrivateFolder } from '../storage/folders.ts'
import { waitForLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { openRegularSync } from '../storage/regular.ts'
import { removeLeftovers, replaceFile } from '../storage/replace.ts'
import { type Change, change, createRecords, type Records } from './records.ts'
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

/** Records and their storage: memory, or a file that several processes can share. */
export interface StoredRecords {
  /** Everything written so far, by other processes too. Do not keep a reference across an await. */
  latest(): Records
  /** Runs `decide` on the latest state while no other process writes; resolves once its changes are on the disk. */
  update<Result>(decide: (records: Records) => Result): Promise<Result>
  /** Waits for pending writes. */
  close(): Promise<void>
}

/** The file as far as it was read. It stays open so that no later file can reuse its inode. */
interface OpenFile {
  readonly descriptor: number
  readonly inode: number
  /** How much was read: bytes, up to the end of a line. */
  read: number
}

/** Changes that share one lock and one write. */
interface Batch {
  readonly changes: ((records: Records) => void)[]
  readonly written: Promise<void>
}

/** How long a change waits for other processes to finish theirs; ms. */
const maxWaitMs = 10_000

const fileName = 'changes.ndjson'
/** Logs of earlier versions. */
const earlierName = /^customers-\d+\.ndjson$/
const ownFiles = /^\.?(changes|customers-\d+)\.ndjson(\.[0-9a-f]+\.tmp)?$/

const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const date = v.pipe(v.string(), v.isoTimestamp())
const json = v.pipe(v.string(), v.parseJson())
const headerLine = v.pipe(
  json,
  v.object({
    v: v.literal(3),
    type: v.literal('sandbox'),
    customers: place,
    seed: v.pipe(v.number(), v.safeInteger()),
  }),
)
const customer = v.object({
  id: v.string(),
  firstname: v.string(),
  lastname: v.string(),
  email: v.string(),
  mode: v.pipe(v.array(v.picklist(modes)), v.minLength(1)),
  totalSpent: v.number(),
  createdAt: date,
  updatedAt: date,
})
/** The changes of one write: a line is either whole or ignored, so a crash or a full disk leaves all of them or none. */
const changesLine = v.pipe(json, v.array(v.strictTuple([place, v.nullable(customer)])))

/**
 * Stores the changes to a shop in a file that only grows. An update takes a lock, reads what other processes wrote,
 * appends its changes, and resolves once they are on the disk, so that no confirmed change is lost to a crash or to
 * another process. Waiting updates share one lock and one write. Reads take no lock.
 * @param initial the shop if there is no file yet
 * @throws CliError `local_error` from every call if the disk fails, or the file is of another version
 */
export function storeRecords(at: SandboxFolder, initial: Shop): StoredRecords {
  const path = join(at.folder, fileName)
  let records = createRecords(initial)
  let file: OpenFile | undefined
  let batch: Batch | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isWriting = false

  function latest(): Records {
    // While a write runs, memory is ahead of the file.
    if (isWriting) return records
    try {
      if (!file || !isSameFile(path, file)) {
        forget()
        file = openFile(at.folder, path)
      }
      if (file) readOn(file)
      return records
    } catch (error) {
      forget()
      throw diskError('read', path, error)
    }
  }

  /** Applies what was added to the file since it was last read. */
  function readOn(opened: OpenFile): void {
    const isNew = opened.read === 0
    const lines = newLines(opened)
    if (isNew) records = createRecords(shopIn(path, lines.shift()))
    for (const line of lines) {
      const { success, output } = v.safeParse(changesLine, line)
      if (!success) continue
      // Places are given one after the other, so that a listing never walks over a gap of millions.
      for (const [at, after] of output) if (at <= records.next) change(records, at, after)
    }
  }

  /** The next call reads the file from the start. */
  function forget(): void {
    if (file) closeSync(file.descriptor)
    file = undefined
    records = createRecords(initial)
  }

  /** Collects changes until the previous batch is written and the lock is acquired. */
  function openBatch(): Batch {
    const changes: Batch['changes'] = []
    const commit = async (): Promise<void> => {
      latest()
      batch = undefined
      records.unwritten = []
      for (const apply of changes) apply(records)
      isWriting = true
      await write(records.unwritten)
      records.unwritten = undefined
    }
    const written = last
      .then(() => withLock(at, commit))
      .catch((error: unknown) => {
        if (batch?.changes === changes) batch = undefined
        // Memory may hold changes that never reached the file.
        forget()
        throw error
      })
      .finally(() => {
        isWriting = false
      })
    last = written.catch(() => undefined)
    return { changes, written }
  }

  async function write(changes: readonly Change[]): Promise<void> {
    const line = changes.length === 0 ? '' : `${JSON.stringify(changes)}\n`
    if (file) {
      if (line !== '') await append(path, file, line)
      return
    }
    await removeLeftovers(path)
    await replaceFile(path, `${JSON.stringify({ v: 3, type: 'sandbox', ...records.shop })}\n${line}`)
  }

  return {
    latest,
    update(decide) {
      batch ??= openBatch()
      const { changes, written } = batch
      return new Promise((resolve, reject) => {
        changes.push((latestRecords) => {
          const result = decide(latestRecords)
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
 * Erases the sandbox in this folder: the next command starts with the initial shop again, and so does a running server.
 * Deletes only the sandbox's own files. Does nothing if the folder does not exist.
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

/** Whether there is a sandbox in a folder. */
export function hasSandbox(folder: string): boolean {
  return namesIn(folder).includes(fileName)
}

async function withLock(at: SandboxFolder, work: () => Promise<void>): Promise<void> {
  await ensurePrivateFolder(at.folder)
  const options = { owner: at.owner, what: 'orafi sandbox', now: at.now }
  const lock = await waitForLock(join(at.folder, 'lock'), options, { sleep: at.sleep, maxWaitMs })
  try {
    await work()
  } finally {
    await lock.release()
  }
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

/** Undefined if there is no sandbox yet. */
function openFile(folder: string, path: string): OpenFile | undefined {
  try {
    const descriptor = openRegularSync(path)
    return { descriptor, inode: fstatSync(descriptor).ino, read: 0 }
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error
  }
  const earlier = namesIn(folder).find((name) => earlierName.test(name))
  if (earlier !== undefined)
    throw formatError(join(folder, earlier), 'was made by an earlier version of orafi')
  return undefined
}

function isSameFile(path: string, { inode, read }: OpenFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false })
  return now?.ino === inode && now.size >= read
}

/** The whole lines that were not read yet. */
function newLines(file: OpenFile): string[] {
  const bytes = Buffer.allocUnsafe(fstatSync(file.descriptor).size - file.read)
  const length = readSync(file.descriptor, bytes, 0, bytes.length, file.read)
  const whole = bytes.subarray(0, length).lastIndexOf('\n') + 1
  file.read += whole
  return whole === 0 ? [] : bytes.toString('utf8', 0, whole - 1).split('\n')
}

async function append(path: string, file: OpenFile, line: string): Promise<void> {
  const log = await openAppend(path, file.read)
  await log.append(line, true).finally(() => log.close())
  file.read = log.size()
}

function shopIn(path: string, line: string | undefined): Shop {
  const { success, output } = v.safeParse(headerLine, line)
  if (!success) throw formatError(path, 'is damaged, or was made by a later version of orafi')
  return { customers: output.customers, seed: output.seed }
}

function formatError(path: string, why: string): CliError {
  return new CliError('local_error', `the sandbox in ${path} ${why}`, {
    hint: 'erase it and start over with: orafi sandbox reset',
  })
}
