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

/** Rows that were not imported, to be mended and imported again. */
export interface Rejects {
  /** Takes a row down; may be called again before it resolves. @throws CliError `local_error` when the disk refuses */
  add(row: Pick<Row, 'raw'>, error: string): Promise<void>
  /** How many rows were taken down. */
  readonly size: number
  /**
   * Writes the file, whole or not at all, and returns its path; undefined when there is nothing to write. Where a file
   * of the name appeared meanwhile, the next free name is taken: `rejects-2.csv`. May be called twice.
   *
   * @throws CliError `local_error` when the disk refuses
   */
  close(): Promise<string | undefined>
}

export interface RejectsOptions {
  /** What is imported: the rejects never take its place. */
  readonly input: Pick<TwiceReadable, 'isFile'>
  /** How the input is written: the rejects are written so too. */
  readonly shape: Shape
  /** Overwrites a file. */
  readonly force: boolean
  /** Where rows are kept until the file is written: a crash leaves no half of it, and no personal data, behind. */
  readonly folder: string
  readonly owner: Pick<Owner, 'pid' | 'host'>
}

/**
 * Prepares `--rejects FILE`: a 0600 file in the input's own format and columns, plus `error`. To be called before
 * anything is sent.
 *
 * @throws CliError `usage` where the file is the input, or exists (unless `force`), or cannot be written there
 */
export async function openRejects(path: string, options: RejectsOptions): Promise<Rejects> {
  await checkPlace(path, options)
  const writer = rejectWriter(options.shape)
  let scratch: Promise<Scratch> | undefined
  let waiting: string[] = []
  let waitingLength = 0
  let size = 0
  let flushed = Promise.resolve()
  let closed: Promise<string | undefined> | undefined

  function flush(): Promise<void> {
    const text = waiting.join('')
    waiting = []
    waitingLength = 0
    flushed = flushed.then(async () => {
      scratch ??= openScratch(options.folder, options.owner)
      await (await scratch).write(text)
    })
    // Whoever waits for it is told; who does not, when it closes.
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
      waiting.push(text)
      waitingLength += text.length
      if (waitingLength >= flushLength) await flush()
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

/** How much is taken down in one write; characters. */
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
  const refused = (why: string, hint: string): CliError =>
    new CliError('usage', `cannot write the rejects to ${visible(path)}: ${why}`, { hint })
  if (await input.isFile(path))
    throw refused(
      'it is the file that is imported',
      'choose another file: the rows that are imported stand in this one alone',
    )
  const there = await kindAt(path).catch(() => undefined)
  if (there !== undefined && there !== 'a regular file')
    throw refused('it is not a regular file', 'choose another file')
  if (there !== undefined && !force)
    throw refused('it exists', 'choose another file, or overwrite it with --force')
  if ((await problemOfFolder(dirname(resolve(path)))) !== undefined)
    throw refused('not in that folder', 'choose a folder that exists and that you may write to')
}

/** The path itself, or with the next number at the end of its name. */
async function freePath(path: string): Promise<string> {
  const { dir, name, ext } = parse(path)
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : format({ dir, name: `${name}-${number}`, ext })
    if ((await kindAt(candidate).catch(() => undefined)) === undefined) return candidate
  }
}

/** How rows are written again, in the format of their input. */
interface RejectWriter {
  /** What stands before the first row, between two rows, and behind the last one. */
  readonly before: string
  readonly between: string
  readonly after: string
  /** A row as it came in, with why it was not imported in a column `error`: its own one where it has one already. */
  row(raw: Raw, error: string): string
}

const title = 'error'

function rejectWriter(shape: Shape): RejectWriter {
  const { format } = shape
  if (format === 'csv') return csvWriter(shape)
  const row = (raw: Raw, error: string): string => (typeof raw === 'string' ? withError(raw, error) : '')
  return format === 'json'
    ? { before: '[\n', between: ',\n', after: '\n]\n', row }
    : { before: '', between: '\n', after: '\n', row }
}

function csvWriter({ columns, delimiter }: Shape): RejectWriter {
  const lineOf = (cells: readonly string[]): string =>
    cells.map((cell) => written(cell, delimiter)).join(delimiter)
  const own = columns.findIndex((column) => column.trim() === title)
  const at = own < 0 ? columns.length : own
  const withErrorCell = (cells: readonly string[], error: string): string[] => {
    const width = columns.length
    const padded = [...cells, ...new Array<string>(Math.max(0, width - cells.length)).fill('')]
    padded.splice(at, own < 0 ? 0 : 1, error)
    // A row that was too short stays one that does not fit its header, or it would pass as mended.
    return cells.length < width ? [...padded, ''] : padded
  }
  return {
    before: `${lineOf(own < 0 ? [...columns, title] : columns)}\r\n`,
    between: '\r\n',
    after: '\r\n',
    row: (raw, error) => (typeof raw === 'string' ? '' : lineOf(withErrorCell(raw, error))),
  }
}

/** RFC 4180; a byte order mark that begins the file would be taken away. */
function written(cell: string, delimiter: string): string {
  return /["\r\n\ufeff]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Everything else of the object stays as it is written, numbers that no double can hold among it. */
function withError(text: string, error: string): string {
  const kept = membersOf(text)
    .filter(({ key }) => key !== title)
    .map((member) => member.text)
  return `{${[...kept, `"${title}":${JSON.stringify(error)}`].join(',')}}`
}
