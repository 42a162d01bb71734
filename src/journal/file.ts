import { type FileHandle, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { diskError, errorCode } from '../storage/errors.ts'
import { wholeLines } from '../storage/lines.ts'
import { openRegular } from '../storage/regular.ts'
import { visible } from '../visible.ts'
import { type Entry, journalVersion, otherVersion, parseEntry } from './records.ts'

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const idForm = /^\d{8}-\d{6}-[a-z0-9]{4}$/

/**
 * A run's id: its time in UTC, so that ids sort, and four random characters, since two runs can start in the same
 * second. Short enough to type.
 * @param now epoch ms
 */
export function newRunId(now: number, random: () => number): string {
  const digits = new Date(now).toISOString().replace(/\D/g, '')
  const tail = Array.from({ length: 4 }, () => letters.charAt(Math.floor(random() * letters.length)))
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${tail.join('')}`
}

/** Whether a text has the form of a run's id. */
export function isRunId(text: string): boolean {
  return idForm.test(text)
}

/**
 * The path of a run's file. The id comes from the command line, so a path such as `../x` is refused.
 * @throws CliError `not_found` if the id is malformed
 */
export function runPath(folder: string, id: string): string {
  if (!idForm.test(id)) throw noSuchRun(id)
  return join(folder, `${id}.ndjson`)
}

/** The lock that is held while a run is in progress or its file is written. */
export function lockPath(folder: string, id: string): string {
  return join(folder, `${id}.lock`)
}

/**
 * The ids of all runs, newest first; empty if the folder is missing.
 * @throws CliError `local_error` if the folder cannot be read
 */
export async function runIds(folder: string): Promise<string[]> {
  return (await idsOfFiles(folder, /^(.+)\.ndjson$/)).sort().reverse()
}

/**
 * The ids of runs with a leftover copy, from a process that was killed while it rewrote the run.
 * @throws CliError `local_error` if the folder cannot be read
 */
export async function leftCopies(folder: string): Promise<string[]> {
  return [...new Set(await idsOfFiles(folder, /^\.(.+)\.ndjson\.[^.]+\.tmp$/))]
}

/** The run ids in the file names of a folder, matched by the pattern's first group. */
async function idsOfFiles(folder: string, name: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (errorCode(error) === 'ENOENT') return []
    throw diskError('read', folder, error)
  })
  return names.flatMap((one) => name.exec(one)?.[1] ?? []).filter((id) => idForm.test(id))
}

/** A run's file, open for reading. Replacing the file does not affect it. */
export interface RunFile {
  readonly file: FileHandle
  readonly path: string
}

/** A line of a run: its entry, its text, and its offset in bytes. */
export interface RunLine {
  readonly entry: Entry
  readonly text: string
  readonly start: number
}

/**
 * Opens a run, passes it to `work`, and closes it.
 * @throws CliError `not_found` if there is no such run · `local_error` if it cannot be read
 */
export async function withRunFile<Value>(
  folder: string,
  id: string,
  work: (run: RunFile) => Promise<Value>,
): Promise<Value> {
  const run = await openRunFile(folder, id)
  try {
    return await work(run)
  } finally {
    await run.file.close()
  }
}

/** As `withRunFile`, but the caller closes the file. */
export async function openRunFile(folder: string, id: string): Promise<RunFile> {
  const path = runPath(folder, id)
  try {
    return { file: await openRegular(path), path }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw noSuchRun(id)
    throw diskError('read', path, error)
  }
}

/**
 * Yields the lines of a run, in batches. An incomplete last line is skipped: it was cut off by a crash, or is being
 * written. Any other damage is an error.
 * @param size how many bytes are read at a time
 * @throws CliError `local_error` with the file and the line, or the unsupported version
 */
export async function* runLines({ file, path }: RunFile, size?: number): AsyncGenerator<RunLine[]> {
  let isEmpty = true
  try {
    for await (const block of wholeLines(file, size)) {
      isEmpty = false
      yield block.map(({ text = '', number, start }) => {
        const entry = parseEntry(text)
        if (!entry || (entry.type === 'run') !== (number === 1)) throw damaged(path, number, text)
        return { entry, text, start }
      })
    }
  } catch (error) {
    throw diskError('read', path, error)
  }
  if (isEmpty) throw damaged(path, 1, '')
}

/** Calls `visit` for every line of a run. Throws as `runLines`. */
export async function eachLine(run: RunFile, visit: (line: RunLine) => void): Promise<void> {
  for await (const block of runLines(run)) for (const line of block) visit(line)
}

function noSuchRun(id: string): CliError {
  return new CliError('not_found', `there is no run '${visible(id)}'`, {
    hint: 'list the runs with: orafi runs list',
  })
}

function damaged(path: string, number: number, text: string): CliError {
  const version = number === 1 ? otherVersion(text) : undefined
  if (version === undefined) {
    return new CliError('local_error', `${visible(path)}, line ${number} is damaged`, {
      hint: 'restore the file from a backup, or move it to another folder: the run can then no longer be undone',
    })
  }
  const newer = version > journalVersion
  return new CliError(
    'local_error',
    `${visible(path)} was written by ${newer ? 'a newer' : 'an earlier'} orafi (journal version ${version}; this one reads ${journalVersion})`,
    {
      hint: newer
        ? 'update orafi: npm install -g orafi'
        : 'this run can no longer be undone: move the file to another folder, or delete it',
    },
  )
}
