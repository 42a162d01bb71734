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
 * What decides about the contents of an export: an interrupted one is resumed with the same only. The identity, the
 * key's hash where that alone does not tell two accounts apart, the format, the filters and the output options.
 */
export type ExportSettings = Readonly<Record<string, unknown>>

/** How far an export is: what the log remembers of its last whole page. */
export interface ExportProgress {
  /** Where the list goes on; null when there is no more. */
  readonly cursor: string | null | undefined
  /** Pages read, customers written, ids that came twice: since the export began. */
  readonly pages: number
  readonly written: number
  readonly repeated: number
}

/** An export under way, with the lock of its place. */
export interface ExportPart {
  readonly paths: PartPaths
  readonly part: Part
  /** Where it stood when it was opened. */
  readonly from: ExportProgress
  /** Every id that came so far. */
  readonly seen: Set<string>
  /** Releases the lock of the place. */
  release(): Promise<void>
}

export interface OpenExportOptions {
  readonly place: ExportPlace
  readonly settings: ExportSettings
  /** Resume what an interrupted export left. */
  readonly resume: boolean
  /** Overwrite a file at the place; discard what an interrupted export left, unless it is resumed. */
  readonly force: boolean
  readonly owner: Owner
  now(): number
}

/**
 * Opens the part of an export beside its place: a new one, or the one that is to be resumed.
 *
 * @throws CliError `usage` where a part is left over and it was not said what to do with it, where there is none to
 * resume, and where it was begun otherwise · LockHeld where another export writes there · `local_error` when the disk
 * refuses
 */
export async function openExport(options: OpenExportOptions): Promise<ExportPart> {
  const { place, owner, now } = options
  const paths = partPaths(place.target)
  const lock = await takeLock(paths.lock, { owner, now, what: `orafi customers export ${place.name}` })
  try {
    await checkLeftover(options, paths)
    const opened = options.resume ? await resumed(options, paths) : await begun(options, paths)
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
    throw new CliError('usage', `${part} is in the way, and no export of ours left it`, {
      hint: 'move it, or choose another file',
    })
  }
  if (resume && leftover === 'nothing') {
    throw new CliError('usage', `nothing to resume: no interrupted export of ${place.name} is there`, {
      hint: 'run it without --resume',
    })
  }
  if (leftover === 'part' && !resume && !force) {
    throw new CliError('usage', `an interrupted export of ${place.name} is left in ${part}`, {
      hint: 'go on with it (--resume), or discard it and start afresh (--force)',
    })
  }
}

const atStart: ExportProgress = { cursor: undefined, pages: 0, written: 0, repeated: 0 }

async function begun({ settings }: OpenExportOptions, paths: PartPaths) {
  const part = await beginPart(paths, { v: version, type: 'export', settings })
  return { part, from: atStart, seen: new Set<string>() }
}

async function resumed({ settings }: OpenExportOptions, paths: PartPaths) {
  const seen = new Set<string>()
  let from = atStart
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

/** What is remembered of a page. */
export interface RememberedPage extends Omit<ExportProgress, 'pages'> {
  readonly cursor: string | null
  /** Those that came for the first time, whether they were written or not. */
  readonly ids: readonly string[]
}

function isPage(value: unknown): value is RememberedPage {
  if (typeof value !== 'object' || value === null) return false
  const { cursor, written, repeated, ids } = value as Partial<Record<keyof RememberedPage, unknown>>
  return (
    (cursor === null || typeof cursor === 'string') &&
    [written, repeated].every((count) => Number.isSafeInteger(count)) &&
    Array.isArray(ids) &&
    ids.every((id) => typeof id === 'string')
  )
}

/** Of the first line of a part's log. */
const version = 1

/** The flag that decides about a setting, and how its value is typed. */
const flags: Record<string, { flag: string; typed(value: unknown): string }> = {
  mode: { flag: '--mode', typed: String },
  spent: { flag: '--spent', typed: String },
  createdAfter: { flag: '--created-after', typed: dateOf },
  createdBefore: { flag: '--created-before', typed: dateOf },
  fields: { flag: '--fields', typed: String },
  excelSafe: { flag: '--excel-safe', typed: () => '' },
}

/** Compares a log's first line with the export that resumes it. Throws `usage` naming the first difference. */
function checkHeader(header: unknown, settings: ExportSettings): void {
  const before = settingsIn(header)
  if (before === undefined) {
    throw new CliError('usage', 'what is left of the interrupted export was not written by this version', {
      hint: afresh,
    })
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(settings)])) {
    const then = before[name]
    const now = Object.hasOwn(settings, name) ? settings[name] : undefined
    if (isDeepStrictEqual(then, now)) continue
    throw new CliError(
      'usage',
      `cannot resume: the interrupted export was made ${differing(name, then, now)}`,
      {
        hint: `resume it with what it was begun with, or ${afresh}`,
      },
    )
  }
}

const afresh = 'start afresh with --force'

function settingsIn(header: unknown): Record<string, unknown> | undefined {
  if (typeof header !== 'object' || header === null) return undefined
  const { v, type, settings } = header as { v?: unknown; type?: unknown; settings?: unknown }
  if (v !== version || type !== 'export' || typeof settings !== 'object' || settings === null)
    return undefined
  return Object.fromEntries(Object.entries(settings))
}

/** "with --mode live, this one without". */
function differing(name: string, then: unknown, now: unknown): string {
  if (name === 'key') return 'with another key'
  const known = flags[name]
  if (known === undefined) return `with ${name} ${visible(`${then}`)}, this one is with ${visible(`${now}`)}`
  const described = (value: unknown): string =>
    value === undefined ? `without ${known.flag}` : `with ${known.flag} ${visible(known.typed(value))}`.trim()
  return `${described(then)}, this one is ${described(now)}`
}

function dateOf(value: unknown): string {
  const date = new Date(Number(value))
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString()
}
