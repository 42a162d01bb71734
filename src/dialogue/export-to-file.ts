import { type ExportSerialiser, exportCustomers } from '../bulk/export.ts'
import { openExport } from '../bulk/export-part.ts'
import type { ExportPlace } from '../bulk/export-place.ts'
import type { ExportSettings } from '../bulk/export-settings.ts'
import type { NextCommands } from '../bulk/export-stopped.ts'
import { environmentProfile } from '../config/profile-name.ts'
import type { Context } from '../context.ts'
import { report } from '../output/result.ts'
import type { Session } from '../session.ts'
import { filtersOf, type ListFilters, tellRepeated, warnOfOtherMode } from './listing.ts'

/** An export to a file as it was asked for. */
export interface FileExport extends ListFilters {
  /** As typed. */
  readonly file: string
  readonly place: ExportPlace
  readonly resume?: true | undefined
  readonly force?: true | undefined
  readonly fields?: readonly string[] | undefined
  readonly excelSafe?: true | undefined
  /** Writes the place's format, with these fields. */
  readonly serialiser: ExportSerialiser
  readonly commands: NextCommands
}

/**
 * Exports, and says how many went where. Throws `usage` where a file or an interrupted export is in the way, and what
 * `exportCustomers` throws.
 */
export async function exportToFile(context: Context, asked: FileExport): Promise<void> {
  const { place, serialiser, commands, file } = asked
  const { now, owner } = context.world
  const session = await context.session({ listMode: asked.mode, many: true })
  await warnOfOtherMode(context, session, asked.mode)
  const begun = now()
  const [resume, force] = [asked.resume === true, asked.force === true]
  const exported = await exportCustomers({
    client: session.client,
    ...filtersOf(asked),
    serialiser,
    open: await openExport({ place, settings: settingsOf(asked, session), resume, force, owner, now }),
    overwrite: force,
    signal: context.signal,
    commands,
    onWritten: (written) => context.status(`${written} exported`),
  })
  context.status(undefined)
  const seconds = (now() - begun) / 1000
  await context.print(report({ file, ...exported, seconds }, [], [], 'nowhere'))
  await tellRepeated(context, exported.repeated)
  const { written } = exported
  await context.note(`${written} customers exported to ${place.name} in ${seconds} s (${session.place})`)
}

function settingsOf(asked: FileExport, { identity, profile, key }: Session): ExportSettings {
  const { place, mode, spent, createdAfter, createdBefore, fields, excelSafe } = asked
  return {
    identity,
    // Under the unnamed `env` the identity does not tell two merchants apart (docs/contract.md#identity).
    key: profile === environmentProfile ? key.hash : undefined,
    format: place.format,
    mode,
    spent,
    createdAfter,
    createdBefore,
    fields,
    excelSafe,
  }
}
