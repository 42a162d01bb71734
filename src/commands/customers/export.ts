import type { Command } from '@commander-js/extra-typings'
import { exportPlace } from '../../bulk/export-place.ts'
import type { Context, Run } from '../../context.ts'
import { listCustomers } from '../../customers/listing.ts'
import { exportToFile } from '../../dialogue/export-to-file.ts'
import { filtersOf, tellRepeated, warnOfOtherMode } from '../../dialogue/listing.ts'
import { CliError } from '../../errors.ts'
import { many } from '../../output/result.ts'
import { createSerialiser } from '../../output/serialise.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import { visible } from '../../visible.ts'
import { withFlag } from '../again.ts'
import { type Filters, filterOptions } from '../options.ts'

interface Options extends Filters {
  readonly resume?: true | undefined
  readonly force?: true | undefined
}

/** `orafi customers export [FILE]` */
export function define(command: Command, run: Run): void {
  command
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
    .action(
      run(
        (context, file, options) =>
          file === undefined || file === '-' ? toStdout(context, options) : toFile(context, file, options),
        'customers',
      ),
    )
  guide(command, {
    exits: requestExits,
    json: 'with a file {"file", "written", "repeated", "seconds"}, else the customers',
    notes:
      'The name of the file decides its format. Until it is whole it is FILE.part. It is no snapshot: changes meanwhile may be in it or not.',
    examples: [
      'orafi customers export customers.csv',
      'orafi customers export big.ndjson.gz --mode live || orafi customers export big.ndjson.gz --mode live --resume',
      'orafi customers export --ndjson --created-after 2026-01-01 | jq -r .email',
    ],
  })
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
