import type { Command } from '@commander-js/extra-typings'
import { exportPlace } from '../../bulk/export-place.ts'
import type { Context, Run } from '../../context.ts'
import { listCustomers } from '../../customers/listing.ts'
import { exportToFile } from '../../dialogue/export-to-file.ts'
import { filtersOf, tellRepeated, warnOfOtherMode } from '../../dialogue/listing.ts'
import { CliError } from '../../errors.ts'
import { many } from '../../output/result.ts'
import { createSerialiser } from '../../output/serialise.ts'
import { visible } from '../../visible.ts'
import { withFlag } from '../again.ts'
import { examples, type Filters, filterOptions } from '../options.ts'

interface Options extends Filters {
  readonly resume?: true | undefined
  readonly force?: true | undefined
}

/** `orafi customers export [FILE]` */
export function define(parent: Command, run: Run): void {
  parent
    .command('export')
    .description('Write all customers to a file, which is there whole or not at all, or to standard output.')
    .argument(
      '[file]',
      'ends in .csv, .ndjson or .json, or in one of them and .gz (default: standard output)',
    )
    .addOption(filterOptions.mode())
    .addOption(filterOptions.spent())
    .addOption(filterOptions.createdAfter())
    .addOption(filterOptions.createdBefore())
    .option('--resume', 'go on with an interrupted export, from its last whole page')
    .option('--force', 'overwrite the file; discard an interrupted export, unless it is resumed')
    .addHelpText(
      'after',
      '\nWith a file, its name decides the format; --json then prints {"file","written","repeated","seconds"}.' +
        '\nUntil it is whole it is FILE.part. It is no snapshot: changes meanwhile may be in it or not.',
    )
    .addHelpText(
      'after',
      examples(
        'orafi customers export customers.csv',
        'orafi customers export big.ndjson.gz --mode live --resume',
        'orafi customers export --ndjson --created-after 2026-01-01 | jq -r .email',
      ),
    )
    .action(
      run(
        (context, file, options) =>
          file === undefined || file === '-' ? toStdout(context, options) : toFile(context, file, options),
        'customers',
      ),
    )
}

async function toStdout(context: Context, options: Options): Promise<void> {
  if (options.resume || options.force) {
    throw new CliError('usage', `--${options.resume ? 'resume' : 'force'} needs a FILE to export to`)
  }
  const session = await context.session({ listMode: options.mode, many: true })
  await warnOfOtherMode(context, session, options.mode)
  const listing = listCustomers(session.client, {
    ...filtersOf(options),
    limit: Number.POSITIVE_INFINITY,
    onScanned: (scanned) => context.status(`${scanned} customers read`),
  })
  await context.print(many(listing.records))
  context.status(undefined)
  await tellRepeated(context, listing.repeated())
  await context.note(`${listing.yielded()} customers exported (${session.place})`)
}

async function toFile(context: Context, file: string, options: Options): Promise<void> {
  const { csv, fields, excelSafe } = context.options
  if (csv) throw new CliError('usage', '--csv is for standard output: the name of FILE decides its format')
  const place = await exportPlace(file, options.force === true)
  await exportToFile(context, {
    ...options,
    file,
    place,
    fields,
    excelSafe,
    serialiser: createSerialiser(place.format, { fields, excelSafe }),
    commands: {
      resume: visible(withFlag(context.argv, '--resume')),
      afresh: visible(withFlag(context.argv, '--force', '--resume')),
    },
  })
}
