import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import type { ListQuery } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { listCustomers } from '../customers/listing.ts'
import { CliError } from '../errors.ts'
import { hintOf, withHint } from '../hints.ts'
import { pack, place as putInPlace, removePart } from '../storage/part.ts'
import { type ExportPart, type OpenExportOptions, openExport, type RememberedPage } from './export-part.ts'

/** Customers as the text of a file, piece by piece: `begin`, any number of `records`, `end`. */
export interface ExportSerialiser {
  begin(): string
  records(batch: readonly Customer[]): string
  end(): string
}

export interface ExportOptions extends OpenExportOptions {
  readonly client: Client
  readonly query: Omit<ListQuery, 'cursor'>
  readonly accepts?: ((customer: Customer) => boolean) | undefined
  /** Fresh: nothing was written with it. */
  readonly serialiser: ExportSerialiser
  /** Checked between pages; what was written stays, to be resumed. */
  readonly signal: AbortSignal
  /** Commands to type after a failure, quoted for a shell. */
  readonly commands: { readonly resume: string; readonly restart: string }
  /** Called after every page with how many customers are written, those of the interrupted export included. */
  readonly onWritten?: ((written: number) => void) | undefined
}

/** What an export came to, since it began. */
export interface Exported {
  readonly written: number
  /** Ids that came twice, and were written once. */
  readonly repeated: number
}

/**
 * Exports customers to a file that is there whole or not at all: page after page into a part beside it, which takes
 * its name at the end. It is no snapshot: what changes meanwhile may be missing; what comes twice is written once
 * (docs/contract.md#export).
 *
 * When it fails after a whole page, the part stays to be resumed, and the error says how; before, nothing stays.
 * Throws what `openExport` and the listing throw, the signal's reason, and CliError `local_error` when the disk refuses.
 */
export async function exportCustomers(options: ExportOptions): Promise<Exported> {
  const { signal, commands } = options
  const open = await openExport(options)
  let pages = open.from.pages
  try {
    const exported = await copyPages(options, open, () => {
      pages += 1
    })
    await putFile(options, open)
    return exported
  } catch (error) {
    await open.part.leave()
    const reason = signal.aborted ? signal.reason : error
    if (pages === 0) {
      await removePart(open.paths)
      throw reason
    }
    const isStuck = pages === open.from.pages && isRefusedCursor(reason)
    const restart = `the page it stopped at may be gone from the list; start afresh with: ${commands.restart}`
    throw withMore(reason, isStuck ? restart : `go on with: ${commands.resume}`)
  } finally {
    await open.release()
  }
}

async function copyPages(
  options: ExportOptions,
  { part, from, seen }: ExportPart,
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
  // The interrupted export had read everything, and only its file was not in place.
  if (from.cursor !== null) {
    const serialiser = from.pages === 0 ? options.serialiser : continued(options.serialiser, from.written)
    let before = from.pages === 0 ? serialiser.begin() : ''
    for await (const { customers, fresh, ending } of listing.pages) {
      const cursor = ending.nextCursor
      const after = cursor === null ? serialiser.end() : ''
      const ids = fresh.map(({ id }) => id)
      const remembered: RememberedPage = { cursor, ...exported(), ids }
      await part.add(before + serialiser.records(customers) + after, remembered)
      before = ''
      onPage()
      onWritten?.(exported().written)
      signal.throwIfAborted()
    }
  }
  await part.finish()
  return exported()
}

/** The serialiser as it stood when so many were written: a JSON array, say, needs a comma next. */
function continued(serialiser: ExportSerialiser, written: number): ExportSerialiser {
  serialiser.begin()
  if (written > 0) serialiser.records([{ id: 'written before' }])
  return serialiser
}

/** Gives the finished part its name. */
async function putFile({ place, force, signal }: ExportOptions, { paths }: ExportPart): Promise<void> {
  signal.throwIfAborted()
  if (place.packed) await pack(paths.part, paths.packed, signal)
  const placed = await putInPlace(place.packed ? paths.packed : paths.part, place.target, force)
  if (!placed) {
    throw new CliError('usage', `cannot export to ${place.name}: a file of that name was made meanwhile`, {
      hint: 'move it',
    })
  }
  await removePart(paths)
}

/**
 * Cursors may end (docs/orafi-api.md#what-pages-leave-open), above all where the customer they stand for was deleted.
 * A page that is refused right after the resumption looks like that.
 */
function isRefusedCursor(error: unknown): boolean {
  return error instanceof ApiError && [400, 404, 409, 410, 422].includes(error.status ?? 0)
}

/** The same error, with `more` as the end of its hint. Errors that are no news to a user stay as they are. */
function withMore(error: unknown, more: string): unknown {
  if (!(error instanceof CliError || error instanceof ApiError)) return error
  const before = error instanceof ApiError ? hintOf(error) : error.hint
  const hint = before === undefined ? more : `${before}; then ${more}`
  if (error instanceof ApiError) return withHint(error, hint)
  const { code, message, exitCode } = error
  const exit = exitCode === undefined ? {} : { exitCode }
  return new CliError(code, message, { ...exit, hint, cause: error })
}
