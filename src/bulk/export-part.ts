import { isDeepStrictEqual } from 'node:util'
import { CliError } from '../errors.ts'
import { takeLock } from '../storage/lock.ts'
import {
  beginPart,
  continuePart,
  leftoverOf,
  type Part,
  type PartPaths,
  partPaths,
  readPart,
} from '../storage/part.ts'
import type { Owner } from '../storage/process.ts'
import { visible } from '../visible.ts'

export type ExportFormat = 'csv' | 'ndjson' | 'json'

/** The target file of an export. */
export interface ExportPlace {
  /** As given by the user, with control characters made visible. */
  readonly name: string
  /** The path to write, with links resolved. */
  readonly target: string
  readonly format: ExportFormat
  readonly packed: boolean
}

/**
 * Everything that affects the contents of an export, which can be resumed only with the same settings: the identity,
 * the key's hash if the identity is ambiguous, the format, the filters and the output options.
 */
export type ExportSettings = Readonly<Record<string, unknown>>

/** Progress of an export, as logged with its last complete page. */
export interface ExportProgress {
  /** Cursor of the next page; null at the end of the list. */
  readonly cursor: string | null | undefined
  /** Pages read, customers written and repeated ids, since the export started. */
  readonly pages: number
  readonly written: number
  readonly repeated: number
}

/** An export in progress, with the lock of its target. */
export interface ExportPart {
  readonly paths: PartPaths
  readonly part: Part
  /** Progress when it was opened. */
  readonly from: ExportProgress
  /** Every id read so far. */
  readonly seen: Set<string>
  /** Releases the lock. */
  release(): Promise<void>
}

export interface OpenExportOptions {
  readonly place: ExportPlace
  readonly settings: ExportSettings
  /** Resume an interrupted export. */
  readonly resume: boolean
  /** Overwrite the target file; discard an interrupted export, unless it is resumed. */
  readonly force: boolean
  readonly owner: Owner
  now(): number
}

/**
 * Opens the part file of an export next to its target: a new one, or the one to resume.
 *
 * @throws CliError `usage` if there is an interrupted export and neither --resume nor --force is set, if there is none
 * to resume, or if it has other settings · LockHeld if another export writes there · `local_error` for disk errors
 */
export async function openExport(options: OpenExportOptions): Promise<ExportPart> {
  const { place, owner, now } = options
  const paths = partPaths(place.target)
  const lock = await takeLock(paths.lock, { owner, now, what: `orafi customers export ${place.name}` })
  try {
    await checkLeftover(options, paths)
    const opened = options.resume ? await resumePart(options, paths) : await startNew(options, paths)
    return { paths, ...opened, release: lock.release }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function checkLeftover({ place, resume, force }: OpenExportOptions, paths: PartPaths): Promise<void> {
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

const noProgress: ExportProgress = { cursor: undefined, pages: 0, written: 0, repeated: 0 }

async function startNew({ settings }: OpenExportOptions, paths: PartPaths) {
  const part = await beginPart(paths, { v: version, type: 'export', settings })
  return { part, from: noProgress, seen: new Set<string>() }
}

async function resumePart({ settings }: OpenExportOptions, paths: PartPaths) {
  const seen = new Set<string>()
  let from = noProgress
  const whole = await readPart(paths, {
    header: (value) => checkHeader(value, settings),
    page(value) {
      if (!isPage(value)) return false
      for (const id of value.ids) seen.add(id)
      from = { ...value, pages: from.pages + 1 }
      return true
    },
  })
  return { part: await continuePart(paths, whole), from, seen }
}

/** The log entry of a page. */
export interface LoggedPage extends Omit<ExportProgress, 'pages'> {
  readonly cursor: string | null
  /** Ids read for the first time, including customers that the filters left out. */
  readonly ids: readonly string[]
}

function isPage(value: unknown): value is LoggedPage {
  if (typeof value !== 'object' || value === null) return false
  const { cursor, written, repeated, ids } = value as Partial<Record<keyof LoggedPage, unknown>>
  return (
    (cursor === null || typeof cursor === 'string') &&
    [written, repeated].every((count) => Number.isSafeInteger(count)) &&
    Array.isArray(ids) &&
    ids.every((id) => typeof id === 'string')
  )
}

/** Version of the log's header. */
const version = 1

/** The flag of each setting, and its value as typed. */
const settingFlags: Record<string, { flag: string; typed(value: unknown): string }> = {
  mode: { flag: '--mode', typed: String },
  spent: { flag: '--spent', typed: String },
  createdAfter: { flag: '--created-after', typed: dateOf },
  createdBefore: { flag: '--created-before', typed: dateOf },
  fields: { flag: '--fields', typed: String },
  excelSafe: { flag: '--excel-safe', typed: () => '' },
}

/** Compares a log's header with the current settings. Throws `usage` naming the first difference. */
function checkHeader(header: unknown, settings: ExportSettings): void {
  const before = settingsIn(header)
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
      {
        hint: `use the same options as before, or ${startOver}`,
      },
    )
  }
}

const startOver = 'start over with --force'

function settingsIn(header: unknown): Record<string, unknown> | undefined {
  if (typeof header !== 'object' || header === null) return undefined
  const { v, type, settings } = header as { v?: unknown; type?: unknown; settings?: unknown }
  if (v !== version || type !== 'export' || typeof settings !== 'object' || settings === null)
    return undefined
  return Object.fromEntries(Object.entries(settings))
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
