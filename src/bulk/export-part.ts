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
import type { ExportPlace } from './export-place.ts'
import { checkHeader, type ExportSettings, headerOf } from './export-settings.ts'

/** How far an export is: what the log remembers of its last whole page. */
export interface ExportProgress {
  /** Where the list goes on; null when there is no more. */
  readonly cursor: string | null | undefined
  /** Pages read, customers written, ids that came twice: since the export began. */
  readonly pages: number
  readonly written: number
  readonly repeated: number
}

/** An export under way, whose place nobody else writes to. */
export interface ExportPart {
  readonly place: ExportPlace
  readonly paths: PartPaths
  readonly part: Part
  /** Where it stood when it was opened. */
  readonly from: ExportProgress
  /** Every id that came so far. */
  readonly seen: Set<string>
  /** Lets others write there. */
  release(): Promise<void>
}

export interface OpenExportOptions {
  readonly place: ExportPlace
  readonly settings: ExportSettings
  /** Go on with what an interrupted export left. */
  readonly resume: boolean
  /** Discard what an interrupted export left, unless it is gone on with. */
  readonly force: boolean
  readonly owner: Owner
  now(): number
}

/**
 * Opens the part of an export beside its place: a new one, or the one that is to be gone on with.
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
    const opened = (await isResumed(options, paths))
      ? await resumed(options, paths)
      : await begun(options, paths)
    return { place, paths, ...opened, release: lock.release }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function isResumed({ place, resume, force }: OpenExportOptions, paths: PartPaths): Promise<boolean> {
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
  return resume
}

async function begun({ settings }: OpenExportOptions, paths: PartPaths) {
  const from: ExportProgress = { cursor: undefined, pages: 0, written: 0, repeated: 0 }
  return { part: await beginPart(paths, headerOf(settings)), from, seen: new Set<string>() }
}

async function resumed({ settings }: OpenExportOptions, paths: PartPaths) {
  const seen = new Set<string>()
  let from: ExportProgress = { cursor: undefined, pages: 0, written: 0, repeated: 0 }
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
