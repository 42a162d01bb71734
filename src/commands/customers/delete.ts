import type { Command } from '@commander-js/extra-typings'
import { type DeletionPlan, deletionReport, planDeletion, type Stays } from '../../bulk/deletion.ts'
import { createThrottle } from '../../bulk/throttle.ts'
import type { Context, Run } from '../../context.ts'
import { checkId } from '../../customers/ids.ts'
import { CliError } from '../../errors.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import type { Session } from '../../session.ts'
import { deletionOptions } from '../options.ts'
import { checkAttendance, type DeletionOptions, deletePlanned, deletionResult, showPlan } from './deletion.ts'

interface Options extends DeletionOptions {
  readonly idsFrom?: string | undefined
  readonly plan?: string | undefined
  readonly dryRun?: true | undefined
  readonly journal: boolean
}

/** `orafi customers delete ID…` */
export function define(command: Command, run: Run): void {
  command
    .description('Delete customers. This cannot be undone; the journal keeps what they were.')
    .argument('[id...]', 'ids of customers')
    .option(
      '--ids-from <file>',
      'read ids from a file, or - for stdin: one a line, NDJSON, or CSV with an id column',
    )
    .option('--plan <file>', 'delete what a plan of customers duplicates decided')
    .option('--dry-run', 'show what would be deleted, and stop')
    .addOption(deletionOptions.yes())
    .addOption(deletionOptions.includeSpenders())
    .addOption(deletionOptions.maxDelete())
    .option('--no-journal', 'keep ids and outcomes alone in the journal (compliance removals)')
    .action(run(remove))
  guide(command, {
    exits: [
      ...requestExits,
      7,
      [2, 'also where it has to be confirmed and nobody can be asked; nothing was deleted'],
      [3, 'all of them were gone already'],
      [6, 'some were not deleted, or left out because they have changed or spent'],
      [8, 'whether it was deleted is not known; of several that is 6'],
    ],
    json: '{"run", "deleted": [ids], "notFound": [ids], "failed": [{"id", "code", "message"}], "leftOut": [{"id", "reason"}], "notSent": [ids]}; with --dry-run {"run": null, "wouldDelete": [ids], "notFound", "leftOut"}',
    notes: 'How deletions are guarded: orafi help safety.',
    examples: [
      'orafi customers delete cmjr4c7qq0000v8hozkzz4em5',
      'orafi customers delete --ids-from duplicates.csv --dry-run',
      'orafi customers delete cmjr4c7qq0000v8hozkzz4em5 cmktd9dva000047sr8nh7i8ow --yes --json',
    ],
  })
}

async function remove(context: Context, given: readonly string[], options: Options): Promise<void> {
  const throttle = createThrottle()
  const many = given.length !== 1
  const session = await context.session({ changing: true, many, observe: throttle.observe })
  if (!options.dryRun) checkAttendance(context, session, options)
  const { ids, stays } = await chosen(context, session, given, options)
  const plan = await planDeletion({
    client: session.client,
    ids,
    stays,
    throttle,
    signal: context.signal,
    onLooked: (looked) => context.status(`${looked} of ${ids.length} looked up`),
  })
  context.status(undefined)
  if (options.dryRun) return dryRun(context, session, plan)
  const run = { command: 'delete', personal: options.journal } as const
  await deletePlanned(context, session, plan, options, { throttle, run })
}

/** What to delete, each once, all of it read and checked before the first is used; a plan also says who has to stay. */
async function chosen(
  context: Context,
  session: Session,
  given: readonly string[],
  { idsFrom, plan }: Options,
): Promise<{ ids: readonly string[]; stays?: Stays }> {
  if (Number(given.length > 0) + Number(idsFrom !== undefined) + Number(plan !== undefined) !== 1) {
    throw new CliError('usage', 'say which, in one way: ids of customers, --ids-from FILE or --plan FILE')
  }
  if (plan !== undefined) {
    const { openPlan, plannedRun } = await import('../../dialogue/plan-file.ts')
    const run = plannedRun(session, await openPlan(context, session, plan))
    if (run.ids.length > 0) return run
    throw new CliError('usage', 'the plan deletes nobody', { hint: 'decide with --review, or edit the plan' })
  }
  if (idsFrom === undefined) {
    for (const id of given) checkId(id)
    return { ids: [...new Set(given)] }
  }
  const [{ openInput }, { readIds }] = await Promise.all([
    import('../../files/source.ts'),
    import('../../files/ids.ts'),
  ])
  const { bytes, name } = await openInput(idsFrom, context.world.stdin, context.signal)
  return { ids: await readIds(bytes, name) }
}

/** Shows and says what would be deleted, and what the exit code would be. */
async function dryRun(context: Context, session: Session, plan: DeletionPlan): Promise<void> {
  await showPlan(context, session, plan)
  const wouldDelete = plan.targets.map(({ id }) => id)
  const { notFound, leftOut } = deletionReport(plan)
  const document = { run: null, wouldDelete, notFound, leftOut }
  await context.printChange(deletionResult(document, wouldDelete), {
    summary: ['Dry run: nothing was deleted.'],
  })
  const staying = notFound.length + leftOut.length
  if (notFound.length === plan.asked.length) throw new CliError('not_found', 'none of the customers exist')
  if (staying > 0) {
    throw new CliError('partial', `${staying} of ${plan.asked.length} would not be deleted`)
  }
}
