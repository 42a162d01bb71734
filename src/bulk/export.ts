import { isDeepStrictEqual } from 'node:util'
import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import type { ListQuery } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { listCustomers } from '../customers/listing.ts'
import { CliError } from '../errors.ts'
import { hintOf, withHint } from '../hints.ts'
import { takeLock } from '../storage/lock.ts'
import type { Owner } from '../storage/process.ts'
import { visible } from '../visible.ts'
import {
  beginPart,
  continuePart,
  type ExportSettings,
  leftoverOf,
  type Part,
  type PartPaths,
  pack,
  partPaths,
  place as putInPlace,
  readPart,
  removePart,
} from './export-part.ts'

/** The target file of an export. */
export interface ExportPlace {
  /** As given by the user, with control characters made visible. */
  readonly name: string
  /** The path to write, with links resolved. */
  readonly target: string
  readonly format: 'csv' | 'ndjson' | 'json'
  readonly packed: boolean
}

/** Serialises customers piece by piece: `begin`, any number of `records`, `end`. */
export interface ExportSerialiser {
  begin(): string
  records(batch: readonly Customer[]): string
  end(): string
}

export interface ExportOptions {
  readonly client: Client
  readonly query: Omit<ListQuery, 'cursor'>
  readonly accepts?: ((customer: Customer) => boolean) | undefined
  /** A new serialiser that has written nothing. */
  readonly serialiser: ExportSerialiser
  readonly place: ExportPlace
  /** Everything that affects the contents: an export can be resumed only with the same settings. */
  readonly settings: ExportSettings
  /** Resume an interrupted export. */
  readonly resume: boolean
  /** Overwrite the target file; discard an interrupted export, unless it is resumed. */
  readonly force: boolean
  /** Checked between pages. Written pages are kept, to be resumed. */
  readonly signal: AbortSignal
  /** Commands for hints, quoted for a shell. */
  readonly commands: { readonly resume: string; readonly restart: string }
  readonly owner: Owner
  now(): number
  /** Called after every page with the number of customers written, including before a resume. */
  readonly onWritten?: ((written: number) => void) | undefined
  readonly onPacking?: (() => void) | undefined
}

/** Counts of a finished export, including before a resume. */
export interface Exported {
  readonly written: number
  /** Repeated ids, which were written once. */
  readonly repeated: number
}

/**
 * Exports customers page by page to a part file, which is renamed to the target at the end: the target is complete or
 * does not exist. It is not a snapshot: customers changed meanwhile may be missing; a repeated id is written once
 * (docs/contract.md#export).
 *
 * If it fails after a complete page, the part is kept and the error's hint says how to resume; otherwise it is removed.
 * @throws CliError `usage` if there is an interrupted export and neither `resume` nor `force` is set, if there is none
 * to resume, or if it has other settings · LockHeld if another export writes there · `local_error` for disk errors ·
 * the errors of the listing, and the signal's reason
 */
export async function exportCustomers(options: ExportOptions): Promise<Exported> {
  const { place, owner, now } = options
  const paths = partPaths(place.target)
  const lock = await takeLock(paths.lock, { owner, now, what: `orafi customers export ${place.name}` })
  try {
    await checkLeftover(options, paths)
    const opened = options.resume ? await resumePart(options, paths) : await startNew(options, paths)
    return await writeTarget(options, paths, opened)
  } finally {
    await lock.release()
  }
}

async function checkLeftover({ place, resume, force }: ExportOptions, paths: PartPaths): Promise<void> {
  const leftover = await leftoverOf(paths)
  const part = visible(`${place.name}.part`)
  if (leftover === 'foreign') {
    throw new CliError('usage', `${part} already exists, and is not an interrupted export`, {
      hint: 'move it, or choose another file',
    })
  }
  if (resume && leftover === 'nothing') {
    throw new CliError('usage', `nothing to resume: there is no interrupted export of ${place.name}`, {
      hint: 'run it without --resume',
    })
  }
  if (leftover === 'part' && !resume && !force) {
    throw new CliError('usage', `there is an interrupted export of ${place.name}: ${part}`, {
      hint: 'continue it (--resume), or discard it and start over (--force)',
    })
  }
}

/** An export in progress. */
interface Opened {
  readonly part: Part
  /** Its progress when it was opened; the cursor is null if the list had been read to its end. */
  readonly from: Exported & { readonly cursor: string | null | undefined; readonly pages: number }
  /** Every id read so far. */
  readonly seen: Set<string>
}

async function startNew({ settings }: ExportOptions, paths: PartPaths): Promise<Opened> {
  const part = await beginPart(paths, settings)
  return { part, from: { cursor: undefined, pages: 0, written: 0, repeated: 0 }, seen: new Set() }
}

async function resumePart({ settings }: ExportOptions, paths: PartPaths): Promise<Opened> {
  const { whole, settings: before, pages, last, seen } = await readPart(paths)
  checkSettings(before, settings)
  const { cursor, written = 0, repeated = 0 } = last ?? {}
  return { part: await continuePart(paths, whole), from: { cursor, pages, written, repeated }, seen }
}

async function writeTarget(options: ExportOptions, paths: PartPaths, opened: Opened): Promise<Exported> {
  const { signal, commands } = options
  let pages = opened.from.pages
  try {
    const exported = await copyPages(options, opened, () => {
      pages += 1
    })
    await putFile(options, paths)
    return exported
  } catch (error) {
    await opened.part.leave()
    const reason = signal.aborted ? signal.reason : error
    if (pages === 0) {
      await removePart(paths)
      throw reason
    }
    const isStuck = pages === opened.from.pages && isRefusedCursor(reason)
    const restart = `the page it stopped at may no longer exist; start over with: ${commands.restart}`
    throw withMore(reason, isStuck ? restart : `continue with: ${commands.resume}`)
  }
}

async function copyPages(
  options: ExportOptions,
  { part, from, seen }: Opened,
  onPage: () => void,
): Promise<Exported> {
  const { client, query, accepts, signal, onWritten } = options
  const exported = (): Exported => ({
    written: from.written + listing.yielded(),
    repeated: from.repeated + listing.repeated(),
  })
  const listing = listCustomers(client, {
    query: { ...query, cursor: from.cursor ?? undefined },
    limit: Number.POSITIVE_INFINITY,
    accepts,
    seen,
  })
  if (from.written > 0) onWritten?.(from.written)
  // Null if the interrupted export had read everything and was only not renamed yet.
  if (from.cursor !== null) {
    const serialiser = from.pages === 0 ? options.serialiser : continued(options.serialiser, from.written)
    let before = from.pages === 0 ? serialiser.begin() : ''
    for await (const { customers, fresh, ending } of listing.pages) {
      const cursor = ending.nextCursor
      const after = cursor === null ? serialiser.end() : ''
      const ids = fresh.map(({ id }) => id)
      await part.add(before + serialiser.records(customers) + after, { cursor, ...exported(), ids })
      before = ''
      onPage()
      onWritten?.(exported().written)
      signal.throwIfAborted()
    }
  }
  await part.finish()
  return exported()
}

/** The serialiser in the state after `written` records: a JSON array, for example, needs a comma next. */
function continued(serialiser: ExportSerialiser, written: number): ExportSerialiser {
  serialiser.begin()
  if (written > 0) serialiser.records([{ id: 'written before' }])
  return serialiser
}

/** Compresses the finished part if needed, and moves it to the target. */
async function putFile(options: ExportOptions, paths: PartPaths): Promise<void> {
  const { place, force, signal, onPacking } = options
  signal.throwIfAborted()
  if (place.packed) onPacking?.()
  if (place.packed) await pack(paths.part, paths.packed, signal)
  const placed = await putInPlace(place.packed ? paths.packed : paths.part, place.target, force)
  if (!placed) {
    throw new CliError('usage', `cannot export to ${place.name}: the file was created in the meantime`, {
      hint: 'move that file away',
    })
  }
  await removePart(paths)
}

/**
 * Whether the API rejected the cursor. A cursor may become invalid, for example when its customer is deleted
 * (docs/orafi-api.md#what-pages-leave-open).
 */
function isRefusedCursor(error: unknown): boolean {
  return error instanceof ApiError && [400, 404, 409, 410, 422].includes(error.status ?? 0)
}

/** The same error with `more` appended to its hint. Unexpected errors are returned unchanged. */
function withMore(error: unknown, more: string): unknown {
  if (!(error instanceof CliError || error instanceof ApiError)) return error
  const before = error instanceof ApiError ? hintOf(error) : error.hint
  const hint = before === undefined ? more : `${before}; then ${more}`
  if (error instanceof ApiError) return withHint(error, hint)
  const { code, message, exitCode } = error
  const exit = exitCode === undefined ? {} : { exitCode }
  return new CliError(code, message, { ...exit, hint, cause: error })
}

const startOver = 'start over with --force'

/** Compares the settings of an interrupted export with the current ones. Throws `usage` naming the first difference. */
function checkSettings(before: ExportSettings | undefined, settings: ExportSettings): void {
  if (before === undefined) {
    throw new CliError('usage', 'the interrupted export is damaged, or was written by another version', {
      hint: startOver,
    })
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(settings)])) {
    const then = before[name]
    const now = Object.hasOwn(settings, name) ? settings[name] : undefined
    if (isDeepStrictEqual(then, now)) continue
    throw new CliError(
      'usage',
      `cannot resume: the interrupted export was made ${describeDifference(name, then, now)}`,
      { hint: `use the same options as before, or ${startOver}` },
    )
  }
}

/** The flag of each setting, and its value as typed. */
const settingFlags: Record<string, { flag: string; typed(value: unknown): string }> = {
  mode: { flag: '--mode', typed: String },
  spent: { flag: '--spent', typed: String },
  createdAfter: { flag: '--created-after', typed: dateOf },
  createdBefore: { flag: '--created-before', typed: dateOf },
  fields: { flag: '--fields', typed: String },
  excelSafe: { flag: '--excel-safe', typed: () => '' },
  delimiter: { flag: '--delimiter', typed: (value) => (value === '\t' ? 'tab' : String(value)) },
}

/** For example: "with --mode live, this one is without --mode". */
function describeDifference(name: string, then: unknown, now: unknown): string {
  if (name === 'key') return 'with another key'
  const known = settingFlags[name]
  if (known === undefined) return `with ${name} ${visible(`${then}`)}, this one is with ${visible(`${now}`)}`
  const described = (value: unknown): string =>
    value === undefined ? `without ${known.flag}` : `with ${known.flag} ${visible(known.typed(value))}`.trim()
  return `${described(then)}, this one is ${described(now)}`
}

function dateOf(value: unknown): string {
  const date = new Date(Number(value))
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString()
}
