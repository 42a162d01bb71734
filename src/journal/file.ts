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
 * A run's id: its time in UTC, so that ids sort, and four characters against others of the same second; short enough
 * to be typed.
 *
 * @param now epoch ms
 */
export function newRunId(now: number, random: () => number): string {
  const digits = new Date(now).toISOString().replace(/\D/g, '')
  const tail = Array.from({ length: 4 }, () => letters.charAt(Math.floor(random() * letters.length)))
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${tail.join('')}`
}

/**
 * Where a run's file is. An id comes from the command line, and `../x` is none.
 *
 * @throws CliError `not_found` for what cannot be the id of a run
 */
export function runPath(folder: string, id: string): string {
  if (!idForm.test(id)) throw noSuchRun(id)
  return join(folder, `${id}.ndjson`)
}

/** The lock that is held while a run is written to, and for as long as it goes on. */
export function lockPath(folder: string, id: string): string {
  return join(folder, `${id}.lock`)
}

/**
 * The ids of all runs, the newest first. No folder is no runs: who only reads makes none.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function runIds(folder: string): Promise<string[]> {
  return (await idsOfFiles(folder, /^(.+)\.ndjson$/)).sort().reverse()
}

/**
 * The ids of runs of which a copy was left behind, by a process that was killed while it wrote a run anew.
 *
 * @throws CliError `local_error` when the disk refuses
 */
export async function leftCopies(folder: string): Promise<string[]> {
  return [...new Set(await idsOfFiles(folder, /^\.(.+)\.ndjson\.[^.]+\.tmp$/))]
}

/** The run ids that a pattern's first group finds in the names of a folder. */
async function idsOfFiles(folder: string, name: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (errorCode(error) === 'ENOENT') return []
    throw diskError('read', folder, error)
  })
  return names.flatMap((one) => name.exec(one)?.[1] ?? []).filter((id) => idForm.test(id))
}

/** A run's file that is open for reading; it stays the same one when it is replaced meanwhile. */
export interface RunFile {
  readonly file: FileHandle
  readonly path: string
}

/** A line of a run: what it says, its text, and where it begins in bytes. */
export interface RunLine {
  readonly entry: Entry
  readonly text: string
  readonly start: number
}

/**
 * Opens a run, does something with it, closes it.
 *
 * @throws CliError `not_found` where it is missing · `local_error` where the disk refuses
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

/** As `withRunFile`, for a caller that closes it. */
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
 * The lines of a run, many at a time. A last line without its end is left out: it is torn, or being written this very
 * moment. Any other damage is an error.
 *
 * @param size how many bytes are read at a time
 * @throws CliError `local_error` naming the file and the line, or the version that is too new
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

/** Looks at every line of a run. Throws as `runLines`. */
export async function eachLine(run: RunFile, look: (line: RunLine) => void): Promise<void> {
  for await (const block of runLines(run)) for (const line of block) look(line)
}

function noSuchRun(id: string): CliError {
  return new CliError('not_found', `there is no run '${visible(id)}'`, {
    hint: 'orafi runs list shows the runs that there are',
  })
}

function damaged(path: string, number: number, text: string): CliError {
  const version = number === 1 ? otherVersion(text) : undefined
  if (version === undefined) {
    return new CliError('local_error', `${visible(path)}, line ${number} is damaged`, {
      hint: 'restore the file from a backup, or move it to another folder: what it did is forgotten then',
    })
  }
  const newer = version > journalVersion
  return new CliError(
    'local_error',
    `${visible(path)} was written by ${newer ? 'a newer' : 'an earlier'} orafi (journal version ${version}; this one reads ${journalVersion})`,
    {
      hint: newer
        ? 'update orafi: npm install -g orafi'
        : 'it cannot be undone any more: move the file to another folder, or delete it',
    },
  )
}
