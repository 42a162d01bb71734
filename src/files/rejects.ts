import { dirname, format, parse, resolve } from 'node:path'
import { CliError } from '../errors.ts'
import { problemOfFolder } from '../storage/folders.ts'
import type { Owner } from '../storage/process.ts'
import { kindAt } from '../storage/regular.ts'
import { replaceFile } from '../storage/replace.ts'
import { openScratch, type Scratch } from '../storage/scratch.ts'
import { visible } from '../visible.ts'
import type { TwiceReadable } from './input.ts'
import { membersOf } from './json.ts'
import type { Raw, Row, Shape } from './rows.ts'

/** The format of the input, for writing its rows again. */
export type RowShape = Pick<Shape, 'format' | 'columns' | 'delimiter'>

/** Rows that are invalid or that the API rejected, to be fixed and imported again. */
export interface Rejects {
  /** Records a row; may be called again before it resolves. @throws CliError `local_error` if the disk fails */
  add(row: Pick<Row, 'raw'>, error: string): Promise<void>
  /** The number of recorded rows. */
  readonly size: number
  /**
   * Writes the file atomically and returns its path; undefined if there are no rows. If another file has the name by
   * now, the next free name is used: `rejects-2.csv`. May be called twice.
   * @throws CliError `local_error` if the disk fails
   */
  close(): Promise<string | undefined>
}

export interface RejectsOptions {
  /** The input file, which the rejects must not overwrite. */
  readonly input: Pick<TwiceReadable, 'isFile'>
  /** The input's format, used for the rejects too. */
  readonly shape: RowShape
  /** Overwrites an existing file. */
  readonly force: boolean
  /** Rows are kept here until the file is written, so that a crash leaves no partial file and no personal data. */
  readonly folder: string
  readonly owner: Pick<Owner, 'pid' | 'host'>
}

/**
 * Prepares `--rejects FILE`: a 0600 file in the input's own format and columns, plus `error`. To be called before
 * anything is sent.
 * @throws CliError `usage` if the file is the input, exists (unless `force`), or cannot be written there
 */
export async function openRejects(path: string, options: RejectsOptions): Promise<Rejects> {
  await checkPlace(path, options)
  const writer = rejectWriter(options.shape)
  let scratch: Promise<Scratch> | undefined
  let pending: string[] = []
  let pendingLength = 0
  let size = 0
  let flushed = Promise.resolve()
  let closed: Promise<string | undefined> | undefined

  function flush(): Promise<void> {
    const text = pending.join('')
    pending = []
    pendingLength = 0
    flushed = flushed.then(async () => {
      scratch ??= openScratch(options.folder, options.owner)
      await (await scratch).write(text)
    })
    // Callers that do not await this get the error from `close`.
    flushed.catch(() => undefined)
    return flushed
  }

  async function end(): Promise<string | undefined> {
    if (size === 0) return undefined
    try {
      await flush()
      const target = options.force ? path : await freePath(path)
      if (scratch !== undefined) await replaceFile(target, wholeFile(await scratch, writer))
      return target
    } finally {
      await (await scratch?.catch(() => undefined))?.close()
    }
  }

  return {
    async add(row, error) {
      const text = (size === 0 ? '' : writer.between) + writer.row(row.raw, error)
      size++
      pending.push(text)
      pendingLength += text.length
      if (pendingLength >= flushLength) await flush()
    },
    get size() {
      return size
    },
    close() {
      closed ??= end()
      return closed
    },
  }
}

/** How much is written at once; characters. */
const flushLength = 64 * 1024

async function* wholeFile(scratch: Scratch, writer: RejectWriter): AsyncGenerator<string | Uint8Array> {
  yield writer.before
  yield* scratch.read()
  yield writer.after
}

async function checkPlace(
  path: string,
  { input, force }: Pick<RejectsOptions, 'input' | 'force'>,
): Promise<void> {
  const refused = (reason: string, hint: string): CliError =>
    new CliError('usage', `cannot write the rejects to ${visible(path)}: ${reason}`, { hint })
  if (await input.isFile(path))
    throw refused(
      'it is the input file',
      'choose another file: this one also holds the rows that are imported',
    )
  const kind = await kindAt(path).catch(() => undefined)
  if (kind !== undefined && kind !== 'a regular file')
    throw refused('it is not a regular file', 'choose another file')
  if (kind !== undefined && !force)
    throw refused('it already exists', 'choose another file, or overwrite it with --force')
  if ((await problemOfFolder(dirname(resolve(path)))) !== undefined)
    throw refused(
      'the folder is missing or not writable',
      'choose a folder that exists and that you may write to',
    )
}

/** The path itself, or the path with the next free number appended to its name. */
async function freePath(path: string): Promise<string> {
  const { dir, name, ext } = parse(path)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : format({ dir, name: `${name}-${number}`, ext })
    if ((await kindAt(candidate).catch(() => undefined)) === undefined) return candidate
  }
}

/** Writes rows in the format of their input. */
interface RejectWriter {
  /** The text before the first row, between rows, and after the last row. */
  readonly before: string
  readonly between: string
  readonly after: string
  /** The original row, with the reason in a column `error`, which is replaced if the row has one. */
  row(raw: Raw, error: string): string
}

const title = 'error'

function rejectWriter(shape: RowShape): RejectWriter {
  const { format } = shape
  if (format === 'csv') return csvWriter(shape)
  const row = (raw: Raw, error: string): string => (typeof raw === 'string' ? withError(raw, error) : '')
  return format === 'json'
    ? { before: '[\n', between: ',\n', after: '\n]\n', row }
    : { before: '', between: '\n', after: '\n', row }
}

function csvWriter({ columns, delimiter }: RowShape): RejectWriter {
  const lineOf = (cells: readonly string[]): string =>
    cells.map((cell) => quotedCell(cell, delimiter)).join(delimiter)
  const own = columns.findIndex((column) => column.trim() === title)
  const at = own < 0 ? columns.length : own
  const withErrorCell = (cells: readonly string[], error: string): string[] => {
    const width = columns.length
    const padded = [...cells, ...new Array<string>(Math.max(0, width - cells.length)).fill('')]
    padded.splice(at, own < 0 ? 0 : 1, error)
    return padded
  }
  return {
    before: `${lineOf(own < 0 ? [...columns, title] : columns)}\r\n`,
    between: '\r\n',
    after: '\r\n',
    row: (raw, error) => (typeof raw === 'string' ? '' : lineOf(withErrorCell(raw, error))),
  }
}

/** RFC 4180; also quotes blanks at the ends, and a byte order mark at the start of the file, which readers would strip. */
function quotedCell(cell: string, delimiter: string): string {
  return /["\r\n\ufeff]|^\s|\s$/.test(cell) || cell.includes(delimiter)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell
}

/** Keeps the source text of all other members, and so numbers beyond a double's precision. */
function withError(text: string, error: string): string {
  const kept = membersOf(text)
    .filter(({ key }) => key !== title)
    .map((member) => member.text)
  return `{${[...kept, `"${title}":${JSON.stringify(error)}`].join(',')}}`
}
