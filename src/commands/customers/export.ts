import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import type { ExportPlace } from '../../bulk/export.ts'
import type { ExportSettings } from '../../bulk/export-part.ts'
import { environmentProfile } from '../../config/profiles.ts'
import type { Context, Run } from '../../context.ts'
import { count } from '../../count.ts'
import { listCustomers } from '../../customers/listing.ts'
import { CliError, ClosedPipe } from '../../errors.ts'
import { checkDelimiter } from '../../globals.ts'
import { createSerialiser } from '../../output/printer.ts'
import { many, report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { shellWord } from '../../shell-word.ts'
import { problemOfFolder } from '../../storage/folders.ts'
import { visible } from '../../visible.ts'
import { delimiterOption } from '../options.ts'
import { addFilters, boundsOf, type Filters, filtersOf, noteRepeated, withFixedDates } from './filters.ts'

interface Options extends Filters {
  readonly resume?: true | undefined
  readonly force?: true | undefined
}

/** `orafi customers export [FILE]` */
export function define(command: Command, run: Run): void {
  addFilters(
    command.argument(
      '[file]',
      'ends in .csv, .ndjson or .json, optionally with .gz (default: standard output)',
    ),
  )
    .addOption(delimiterOption())
    .option('--resume', 'continue an interrupted export from its last complete page')
    .option('--force', 'overwrite the file; without --resume, also discard an interrupted export')
    .action(
      run(
        (context, file, options) =>
          file === undefined || file === '-' ? toStdout(context, options) : toFile(context, file, options),
        'export',
      ),
    )
}

async function toStdout(context: Context, options: Options): Promise<void> {
  if (options.resume || options.force) {
    throw new CliError('usage', `--${options.resume ? 'resume' : 'force'} needs a FILE to export to`)
  }
  const { csv, json, ndjson, table } = context.options
  checkDelimiter(context.options, csv ? 'csv' : json || ndjson || table ? 'json' : 'default')
  const filters = filtersOf(options, context.world.now())
  const session = await context.session({ listMode: options.mode, many: true })
  const listing = listCustomers(session.client, {
    ...filters,
    limit: Number.POSITIVE_INFINITY,
    onScanned: context.counting('exporting'),
  })
  try {
    await context.print(many(listing.records, undefined, listing.readEnough))
  } catch (error) {
    const written = count(listing.yielded(), 'customer was', 'customers were')
    if (!(error instanceof ClosedPipe))
      await context.note(`${written} written; only an export to a file can be resumed`)
    throw error
  }
  await noteRepeated(context, listing.repeated())
  await context.note(`${count(listing.yielded(), 'customer')} exported (${session.place})`)
}

/** Exports to a file, which is complete or does not exist, and reports how many customers were written. */
async function toFile(context: Context, file: string, options: Options): Promise<void> {
  const { csv, table, fields, excelSafe, delimiter } = context.options
  if (csv || table) {
    const flag = csv ? '--csv' : '--table'
    throw new CliError('usage', `${flag} is for standard output: the file name decides the format of FILE`)
  }
  const { resume = false, force = false } = options
  const place = await exportPlace(file, force)
  checkDelimiter(context.options, place.format)
  const { now, owner } = context.world
  const startedAt = now()
  const filters = filtersOf(options, startedAt)
  const session = await context.session({ listMode: options.mode, many: true })
  const settings = await settingsOf(context, session, place, options, startedAt)
  // A resumed export has to have the same dates.
  const argv = withFixedDates(context.argv, options, startedAt)
  const { exportCustomers } = await import('../../bulk/export.ts')
  let soFar = 0
  const onWritten = context.counting(`exporting to ${place.name}`)
  const exported = await exportCustomers({
    client: session.client,
    ...filters,
    serialiser: createSerialiser(place.format, { fields, excelSafe, delimiter }),
    place,
    settings,
    resume,
    force,
    owner,
    now,
    signal: context.signal,
    commands: {
      resume: visible(withFlag(argv, '--resume')),
      restart: visible(withFlag(context.argv, '--force', '--resume')),
    },
    onWritten(written) {
      soFar = written
      onWritten(written)
    },
    onPacking: () => context.status({ what: `compressing ${place.name}` }),
  }).catch(async (error: unknown) => {
    const kept =
      soFar > 0 ? `${count(soFar, 'customer is', 'customers are')} written so far` : 'nothing was written'
    if (soFar > 0 || context.signal.aborted) await context.note(`${kept} (${session.place})`)
    throw error
  })
  const seconds = (now() - startedAt) / 1000
  await context.print(report({ file, ...exported, seconds }, [], [], 'nowhere'))
  await noteRepeated(context, exported.repeated)
  const { written } = exported
  await context.note(
    `${count(written, 'customer')} exported to ${place.name} in ${seconds} s (${session.place})`,
  )
}

/** Everything that affects the contents: an export can be resumed only with the same settings. */
async function settingsOf(
  { options: { fields, excelSafe, delimiter } }: Context,
  { identity, profile, key }: Session,
  { format }: ExportPlace,
  options: Options,
  startedAt: number,
): Promise<ExportSettings> {
  const { mode, spent } = options
  const { after: createdAfter, before: createdBefore } = boundsOf(options, startedAt)
  // Under the unnamed `env`, two merchants have the same identity (docs/contract.md#identity).
  const hash = profile === environmentProfile ? await key.hash() : undefined
  const output = { fields, excelSafe, delimiter }
  return { identity, key: hash, format, mode, spent, createdAfter, createdBefore, ...output }
}

/** The command line with `flag` added, and `removed` left out. */
function withFlag(argv: readonly string[], flag: string, removed?: string): string {
  const kept = argv.filter((word) => word !== flag && word !== removed)
  const end = kept.includes('--') ? kept.indexOf('--') : kept.length
  return ['orafi', ...kept.slice(0, end), flag, ...kept.slice(end)].map(shellWord).join(' ')
}

/**
 * Checks, before anything is sent, that FILE can be written, and derives the format from its name.
 * @param overwrite whether an existing file may be replaced
 * @throws CliError `usage`
 */
async function exportPlace(file: string, overwrite: boolean): Promise<ExportPlace> {
  const name = visible(file)
  const there = await lstat(file).catch(() => undefined)
  const target = there?.isSymbolicLink() ? await realpath(file).catch(() => undefined) : resolve(file)
  if (target === undefined) throw refused(name, 'it is a broken link')
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
    throw refused(name, 'it already exists', 'choose another file, or overwrite it with --force')
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
    'the file name does not tell the format',
    'use .csv, .ndjson or .json, optionally with .gz; without FILE the export goes to standard output',
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
      `no permission to write to the folder ${visible(folder)}`,
      'choose a folder that you can write to',
    )
  }
}

function refused(name: string, reason: string, hint?: string): CliError {
  const details = hint === undefined ? {} : { hint }
  return new CliError('usage', `cannot export to ${name}: ${reason}`, details)
}
