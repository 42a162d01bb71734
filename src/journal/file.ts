import type { FileHandle } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import { diskError, errorCode } from '../storage/errors.ts'
import { wholeLines } from '../storage/lines.ts'
import { openRegular } from '../storage/regular.ts'
import { visible } from '../visible.ts'
import { noSuchRun, runPath } from './place.ts'
import { type Entry, journalVersion, otherVersion, parseEntry, type RunHeader } from './records.ts'

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
 * The lines of a run, many at a time. A last line without its end is left out:
 * it is torn, or being written this very moment. Any other damage is an error.
 *
 * @param size how many bytes are read at a time
 * @throws CliError `local_error` naming the file and the line, or the version that is too new
 */
export async function* runLines({ file, path }: RunFile, size?: number): AsyncGenerator<RunLine[]> {
  let seen = 0
  try {
    for await (const block of wholeLines(file, size)) {
      const lines = block.map(({ text = '', number, start }) => {
        const entry = parseEntry(text)
        if (!entry || (entry.type === 'run') !== (number === 1)) throw damaged(path, number, text)
        return { entry, text, start }
      })
      seen += lines.length
      yield lines
    }
  } catch (error) {
    throw diskError('read', path, error)
  }
  if (seen === 0) throw damaged(path, 1, '')
}

/** Looks at every line of a run. Throws as `runLines`. */
export async function eachLine(run: RunFile, look: (line: RunLine) => void): Promise<void> {
  for await (const block of runLines(run)) for (const line of block) look(line)
}

/** The header of a run, and whether its personal data was erased: its second line says so. Reads little more. */
export async function readHead(run: RunFile): Promise<{ header: RunHeader; forgotten: boolean }> {
  const head: RunLine[] = []
  for await (const lines of runLines(run, 4096)) {
    head.push(...lines)
    if (head.length > 1) break
  }
  const [first, second] = head
  if (first?.entry.type !== 'run') throw damaged(run.path, 1, '')
  return { header: first.entry, forgotten: second?.entry.type === 'forgotten' }
}

function damaged(path: string, number: number, text: string): CliError {
  const version = number === 1 ? otherVersion(text) : undefined
  if (version !== undefined) {
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
  return new CliError('local_error', `${visible(path)}, line ${number} is damaged`, {
    hint: 'restore the file from a backup, or move it to another folder: what it did is forgotten then',
  })
}
