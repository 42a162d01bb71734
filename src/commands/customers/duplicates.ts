import { type Command, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { duplicatesReport } from '../../dialogue/duplicates-report.ts'
import { searchAccount, searchFile } from '../../dialogue/duplicates-search.ts'
import { checkFree, exists, openPlan, placeOf, savePlan } from '../../dialogue/plan-file.ts'
import { reviewPlan } from '../../dialogue/plan-review.ts'
import { type KeepRule, keepRules } from '../../duplicates/decide.ts'
import { type Level, levels } from '../../duplicates/evidence.ts'
import { planOf } from '../../duplicates/plan.ts'
import { CliError } from '../../errors.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import { shellWord } from '../../shell-word.ts'
import { visible } from '../../visible.ts'
import { type Filters, filterOptions } from '../options.ts'

interface Options extends Filters {
  readonly match: Level
  readonly keep: KeepRule
  readonly from?: string | undefined
  readonly plan?: string | undefined
  readonly review?: true | undefined
  readonly force?: true | undefined
}

/** `orafi customers duplicates` */
export function define(command: Command, run: Run): void {
  command
    .description('Find customers that are one person, and plan which to delete. Deletes nothing.')
    .addOption(
      new Option(
        '--match <level>',
        'exact: same e-mail; alias: same mailbox; likely: same name and a near e-mail',
      )
        .choices(levels)
        .default('alias' as const),
    )
    .addOption(
      new Option('--keep <rule>', 'whom to keep of each').choices(keepRules).default('most-spent' as const),
    )
    .addOption(filterOptions.mode())
    .addOption(filterOptions.spent())
    .addOption(filterOptions.createdAfter())
    .addOption(filterOptions.createdBefore())
    .option('--from <file>', 'look in an export (.ndjson, .json, .csv) instead of the account')
    .option('--plan <file>', 'write the decisions into a file, to be reviewed and applied')
    .option('--review', 'with --plan: decide group by group on the terminal; goes on where it was left')
    .option('--force', 'overwrite the file of --plan')
    .action(run(duplicates))
  guide(command, {
    exits: requestExits,
    notes: 'A review can be left at any moment (q); what was decided is kept, and the same command goes on.',
    json: '{"groups": [{"level", "why", "keep": {customer}, "delete": [customers], "review": [customers]}]}',
    examples: [
      'orafi customers duplicates',
      'orafi customers duplicates --match likely --plan plan.json --review',
      'orafi customers delete --plan plan.json',
    ],
  })
}

async function duplicates(context: Context, options: Options): Promise<void> {
  const { plan: file, review, force = false } = options
  if (review) checkReview(context, options)
  // A review goes on with the plan that is there.
  if (file !== undefined) await checkFree(file, force || review === true)
  // A plan says where it holds, so it needs a key, though nothing may be sent with it.
  const offline = options.from !== undefined && file === undefined
  const session = offline ? undefined : await context.session({ listMode: options.mode, many: true })
  if (session !== undefined && review && file !== undefined && !force && (await exists(file))) {
    return reviewPlan(context, file, await openPlan(context, session, file))
  }
  const rules = { match: options.match, keep: options.keep, keyMode: session?.key.mode }
  const found =
    options.from === undefined && session !== undefined
      ? await searchAccount(context, session, options, rules)
      : await searchFile(context, options.from ?? '-', rules)
  if (session !== undefined && file !== undefined) {
    const head = { ...placeOf(session), when: context.world.now(), options: rules }
    const plan = planOf(found.groups(), head)
    await savePlan(file, plan)
    await context.note(`The plan is in ${visible(file)}; nothing was deleted.`)
    if (review) return reviewPlan(context, file, plan)
  }
  await context.print(duplicatesReport(found.groups()))
  if (found.size === 0) await context.note(`No duplicates among ${found.customers} customers.`)
  else await context.note(`${found.size} groups among ${found.customers} customers.${nextStep(file)}`)
}

function nextStep(file: string | undefined): string {
  return file === undefined
    ? ' Decide with: orafi customers duplicates --plan plan.json --review'
    : ` Delete with: orafi customers delete --plan ${visible(shellWord(file))}`
}

function checkReview(context: Context, { plan }: Options): void {
  if (plan === undefined)
    throw new CliError('usage', '--review needs --plan FILE, where the decisions are kept')
  if (!context.canAsk)
    throw new CliError('usage', '--review needs a terminal', { hint: 'edit the plan instead: --plan FILE' })
}
