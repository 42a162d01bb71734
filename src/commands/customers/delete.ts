import type { Command } from '@commander-js/extra-typings'
import { type Preview, previewDeletion } from '../../bulk/preview.ts'
import { createThrottle } from '../../bulk/throttle.ts'
import type { Context, Run } from '../../context.ts'
import { checkId } from '../../customers/ids.ts'
import { carryOut, deletionReport } from '../../dialogue/delete-run.ts'
import {
  checkAttendance,
  confirmDeletion,
  type DeletionOptions,
  showDoomed,
} from '../../dialogue/deletion.ts'
import { CliError } from '../../errors.ts'
import { deletionOptions, examples } from '../options.ts'

interface Options extends DeletionOptions {
  readonly idsFrom?: string | undefined
  readonly dryRun?: true | undefined
  readonly journal: boolean
}

/** `orafi customers delete ID…` */
export function define(parent: Command, run: Run): void {
  parent
    .command('delete')
    .description('Delete customers. This cannot be undone; the journal keeps what they were.')
    .argument('[id...]', 'ids of customers')
    .option(
      '--ids-from <file>',
      'read ids from a file, or - for stdin: one a line, NDJSON, or CSV with an id column',
    )
    .option('--dry-run', 'show what would be deleted, and stop')
    .addOption(deletionOptions.yes())
    .addOption(deletionOptions.includeSpenders())
    .addOption(deletionOptions.maxDelete())
    .option('--no-journal', 'keep ids and outcomes alone in the journal (compliance removals)')
    .addHelpText(
      'after',
      examples(
        'orafi customers delete cmjr4c7qq0000v8hozkzz4em5',
        'orafi customers delete --ids-from duplicates.csv --dry-run',
        'orafi customers delete ID1 ID2 --yes --json',
      ),
    )
    .action(run(remove))
}

async function remove(context: Context, given: readonly string[], options: Options): Promise<void> {
  const throttle = createThrottle()
  const session = await context.session({
    changing: true,
    many: given.length !== 1,
    observe: throttle.observe,
  })
  if (!options.dryRun) checkAttendance(context, session, options)
  const ids = await idsOf(context, given, options)
  const onLooked = (looked: number): void => context.status(`${looked} of ${ids.length} looked up`)
  const preview = await previewDeletion({
    client: session.client,
    ids,
    throttle,
    signal: context.signal,
    onLooked,
  })
  context.status(undefined)
  await showDoomed(context, preview, session.place)
  if (options.dryRun) return endDryRun(context, preview)
  const refusal =
    preview.ids.length === 0 ? () => undefined : await confirmDeletion(context, session, preview, options)
  await carryOut(context, session, {
    preview,
    refusal,
    throttle,
    run: { command: 'delete', personal: options.journal },
  })
}

/** The ids to delete, each once, all of them read and checked before the first is used. */
async function idsOf(
  context: Context,
  given: readonly string[],
  options: Options,
): Promise<readonly string[]> {
  if (options.idsFrom === undefined) {
    if (given.length === 0) throw new CliError('usage', 'say which: ids of customers, or --ids-from FILE')
    for (const id of given) checkId(id)
    return [...new Set(given)]
  }
  if (given.length > 0) throw new CliError('usage', 'ids and --ids-from exclude each other')
  const [{ openInput }, { readIds }] = await Promise.all([
    import('../../input/source.ts'),
    import('../../input/ids.ts'),
  ])
  const { bytes, name } = await openInput(options.idsFrom, context.world.stdin, context.signal)
  return readIds(bytes, name)
}

async function endDryRun(context: Context, preview: Preview): Promise<void> {
  const { ids, notFound, leftOut } = preview
  await context.print(deletionReport({ run: null, wouldDelete: ids, notFound, leftOut }, ids))
  await context.note('Dry run: nothing was deleted.')
  if (ids.length === 0) throw new CliError('not_found', 'none of the customers exist')
  if (notFound.length > 0)
    throw new CliError('partial', `${notFound.length} of ${ids.length + notFound.length} were not found`)
}
