import type { Command } from '@commander-js/extra-typings'
import type { DeletionRequest } from '../../bulk/deletion.ts'
import { createThrottle } from '../../bulk/pool.ts'
import type { Context, Run } from '../../context.ts'
import { CliError } from '../../errors.ts'
import type { Session } from '../../session.ts'
import { collected, deletionOptions, repeatable } from '../options.ts'
import { checkDeletable, type DeletionOptions, deleteCustomers } from './deletion.ts'
import { customersWith, type Emails } from './existing.ts'
import { namesIn, namesInFile, needMany, type Resolved, resolve } from './named.ts'

interface Options extends DeletionOptions {
  readonly idsFrom?: readonly string[] | undefined
  readonly plan?: string | undefined
  readonly journal: boolean
}

/** `orafi customers delete ID…` */
export function define(command: Command, run: Run): void {
  command
    .argument('[id...]', 'ids or e-mails of customers, or - for stdin')
    .addOption(
      repeatable(
        '--ids-from <file>',
        'read ids or e-mails from a file, or - for stdin: one per line, CSV, NDJSON or JSON; may be repeated',
        collected,
      ),
    )
    .option(
      '--plan <file>',
      'delete the customers marked for deletion in a plan (see orafi customers duplicates)',
    )
    .option('--dry-run', 'show what would be deleted without deleting anything')
    .addOption(deletionOptions.yes())
    .addOption(deletionOptions.includeSpenders())
    .addOption(deletionOptions.maxDelete())
    .option('--no-journal', 'keep only ids and outcomes in the journal (for erasure requests)')
    .action(run(remove))
}

async function remove(context: Context, words: readonly string[], options: Options): Promise<void> {
  const throttle = createThrottle()
  const session = await context.session({
    changing: true,
    many: words.length !== 1 || needMany(words),
    observe: throttle.observe,
  })
  if ([...words, ...(options.idsFrom ?? [])].includes('-')) await context.askOnTerminal()
  checkDeletable(context, session, options)
  const requests = await requested(context, session, words, options)
  const run = { command: 'delete', personal: options.journal } as const
  await deleteCustomers(context, session, requests, { options, throttle, run })
}

/** The customers to delete, all read and checked before any record is fetched. */
async function requested(
  context: Context,
  session: Session,
  words: readonly string[],
  { idsFrom, plan, yes }: Options,
): Promise<readonly DeletionRequest[]> {
  if (Number(words.length > 0) + Number(idsFrom !== undefined) + Number(plan !== undefined) !== 1) {
    throw new CliError('usage', 'specify exactly one of customer ids, --ids-from FILE and --plan FILE')
  }
  if (plan !== undefined) {
    // Loaded only here, since it needs the tables of names and providers.
    const { openPlan, plannedRequests } = await import('./plan.ts')
    const requests = plannedRequests(session, await openPlan(context, session, plan))
    if (requests.length > 0) return requests
    throw new CliError('usage', 'the plan marks no customers for deletion', {
      hint: 'review the plan (orafi customers duplicates --review), or edit it',
    })
  }
  const lists = [await namesIn(context, words, () => context.input('-'))]
  for (const file of new Set(idsFrom)) lists.push(await namesInFile(context, await context.input(file)))
  const lookup = (emails: Emails) => customersWith(context, session.client, emails)
  const how = { verb: 'delete', canAsk: yes === undefined && context.canAsk } as const
  return (await resolve(context, lookup, lists.flat(), how)).map(requestOf)
}

function requestOf(resolved: Resolved): DeletionRequest {
  if (resolved.outcome === 'found') return resolved
  const known =
    resolved.outcome === 'notFound'
      ? ({ outcome: 'notFound' } as const)
      : ({ outcome: 'leftOut', reason: 'none of the customers with this e-mail was chosen' } as const)
  return { id: resolved.email, known }
}
