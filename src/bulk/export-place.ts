import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import { problemOfFolder } from '../storage/folders.ts'
import { visible } from '../visible.ts'

/** How customers are written in a file. */
export type ExportFormat = 'csv' | 'ndjson' | 'json'

/** The file that an export is to become. */
export interface ExportPlace {
  /** As the user called it, made visible. */
  readonly name: string
  /** What is written: behind links, where there are any. */
  readonly target: string
  readonly format: ExportFormat
  readonly packed: boolean
}

/**
 * Checks that FILE can become an export, before anything is sent: its format by its name, and nothing in its way.
 *
 * @param overwrite whether a file that is there may be replaced
 * @throws CliError `usage`
 */
export async function exportPlace(file: string, overwrite: boolean): Promise<ExportPlace> {
  const name = visible(file)
  const there = await lstat(file).catch(() => undefined)
  const target = there?.isSymbolicLink() ? await realpath(file).catch(() => undefined) : resolve(file)
  if (target === undefined) throw refused(name, 'it is a link to nothing')
  const found = await stat(target).catch(() => undefined)
  if (found?.isDirectory() || /[/\\]$/.test(file)) {
    throw refused(
      name,
      'it is a folder',
      `name a file in it, such as ${visible(join(file, 'customers.csv'))}`,
    )
  }
  const kind = kindOf(file)
  if (found !== undefined && !found.isFile()) throw refused(name, 'it is not a regular file')
  if (found !== undefined && !overwrite) {
    throw refused(name, 'it exists', 'choose another file, or overwrite it with --force')
  }
  await checkFolder(name, dirname(target))
  return { name, target, ...kind }
}

function kindOf(file: string): Pick<ExportPlace, 'format' | 'packed'> {
  const [, format, packed] = /.\.(csv|ndjson|json)(\.gz)?$/i.exec(basename(file)) ?? []
  const known = (['csv', 'ndjson', 'json'] as const).find((one) => one === format?.toLowerCase())
  if (known !== undefined) return { format: known, packed: packed !== undefined }
  throw refused(
    visible(file),
    'its name tells no format',
    'end it in .csv, .ndjson or .json, or in one of them and .gz; without FILE the export goes to standard output',
  )
}

async function checkFolder(name: string, folder: string): Promise<void> {
  const problem = await problemOfFolder(folder)
  if (problem === 'missing') {
    throw refused(name, `there is no folder ${visible(folder)}`, 'choose a folder that exists')
  }
  if (problem === 'denied') {
    throw refused(
      name,
      `you may not write to the folder ${visible(folder)}`,
      'choose a folder that you may write to',
    )
  }
}

function refused(name: string, reason: string, hint?: string): CliError {
  const details = hint === undefined ? {} : { hint }
  return new CliError('usage', `cannot export to ${name}: ${reason}`, details)
}
