import type { Client } from '../api/client.ts'
import type { Customer } from '../api/customer.ts'
import type { ListQuery } from '../api/customers.ts'
import { ApiError } from '../api/errors.ts'
import { listCustomers } from '../customers/listing.ts'
import { CliError } from '../errors.ts'
import { hintOf, withHint } from '../hints.ts'
import { pack, place as putInPlace, removePart } from '../storage/part.ts'
import { type ExportPart, type LoggedPage, type OpenExportOptions, openExport } from './export-part.ts'

/** Serialises customers piece by piece: `begin`, any number of `records`, `end`. */
export interface ExportSerialiser {
  begin(): string
  records(batch: readonly Customer[]): string
  end(): string
}

export interface ExportOptions extends OpenExportOptions {
  readonly client: Client
  readonly query: Omit<ListQuery, 'cursor'>
  readonly accepts?: ((customer: Customer) => boolean) | undefined
  /** A new serialiser that has written nothing. */
  readonly serialiser: ExportSerialiser
  /** Checked between pages. Written pages are kept, to be resumed. */
  readonly signal: AbortSignal
  /** Commands for hints, quoted for a shell. */
  readonly commands: { readonly resume: string; readonly restart: string }
  /** Called after every page with the number of customers written, including before a resume. */
  readonly onWritten?: ((written: number) => void) | undefined
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
 * Throws the errors of `openExport` and the listing, the signal's reason, and CliError `local_error` for disk errors.
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
    const restart = `the page it stopped at may no longer exist; start over with: ${commands.restart}`
    throw withMore(reason, isStuck ? restart : `continue with: ${commands.resume}`)
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
  // Null if the interrupted export had read everything and was only not renamed yet.
  if (from.cursor !== null) {
    const serialiser = from.pages === 0 ? options.serialiser : continued(options.serialiser, from.written)
    let before = from.pages === 0 ? serialiser.begin() : ''
    for await (const { customers, fresh, ending } of listing.pages) {
      const cursor = ending.nextCursor
      const after = cursor === null ? serialiser.end() : ''
      const ids = fresh.map(({ id }) => id)
      const logged: LoggedPage = { cursor, ...exported(), ids }
      await part.add(before + serialiser.records(customers) + after, logged)
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
async function putFile({ place, force, signal }: ExportOptions, { paths }: ExportPart): Promise<void> {
  signal.throwIfAborted()
  if (place.packed) await pack(paths.part, paths.packed, signal)
  const placed = await putInPlace(place.packed ? paths.packed : paths.part, place.target, force)
  if (!placed) {
    throw new CliError('usage', `cannot export to ${place.name}: the file was created meanwhile`, {
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
