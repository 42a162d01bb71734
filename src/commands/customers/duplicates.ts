import { type Command, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { count } from '../../count.ts'
import { listCustomers } from '../../customers/listing.ts'
import { type KeepRule, keepRules } from '../../duplicates/decide.ts'
import { type Level, levels } from '../../duplicates/evidence.ts'
import { type Duplicates, findDuplicates } from '../../duplicates/find.ts'
import { type Group, groupDocument } from '../../duplicates/groups.ts'
import { planOf } from '../../duplicates/plan.ts'
import { CliError } from '../../errors.ts'
import { readCustomers } from '../../files/customers.ts'
import { type Column, report } from '../../output/result.ts'
import { guide, requestExits } from '../../reference/guide.ts'
import type { Session } from '../../session.ts'
import { shellWord } from '../../shell-word.ts'
import { visible } from '../../visible.ts'
import { accountFlags } from '../summary.ts'
import { addFilters, type Filters, filtersOf, noteRepeated } from './filters.ts'
import { checkPlanFile, openPlan, placeOf, planCells, planColumns, savePlan } from './plan.ts'
import { reviewPlan } from './review.ts'

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
  addFilters(
    command
      .description('Find duplicate customers, and plan which to delete. Deletes nothing.')
      .addOption(
        new Option(
          '--match <level>',
          'exact: same e-mail; alias: same mailbox; likely: same name and a similar e-mail',
        )
          .choices(levels)
          .default('alias' as const),
      )
      .addOption(
        new Option('--keep <rule>', 'which customer in each group to keep')
          .choices(keepRules)
          .default('most-spent' as const),
      ),
  )
    .option('--from <file>', 'read an export (.ndjson, .json, .csv) instead of the account')
    .option('--plan <file>', 'write the decisions to a file, to review and apply')
    .option('--review', 'with --plan: decide group by group on the terminal; continues where you left off')
    .option('--force', 'overwrite the --plan file')
    .action(run(duplicates))
  guide(command, {
    exits: requestExits,
    notes: 'Decisions of a review are saved at once; run the same command to continue.',
    json: '{"groups": [{"level", "why", "keep": {customer}, "delete": [customers], "review": [customers]}]}',
    examples: [
      'orafi customers duplicates',
      'orafi customers duplicates --match likely --plan plan.json --review',
      'orafi customers delete --plan plan.json',
    ],
  })
}

async function duplicates(context: Context, options: Options): Promise<void> {
  const { from, plan: file, review, force = false, match, keep } = options
  const filters = filtersOf(options, context.world.now())
  if (review) checkReview(context, options)
  // A review continues an existing plan.
  const planned = file !== undefined && (await checkPlanFile(file, force || review === true))
  // A plan records its account, so it needs a key even with --from.
  const offline = from !== undefined && file === undefined
  const session = offline ? undefined : await context.session({ listMode: options.mode, many: true })
  if (session !== undefined && file !== undefined && review && planned && !force) {
    return reviewPlan(context, session, file, await openPlan(context, session, file))
  }

  const found = await findIn(context, session, options, filters)
  if (session !== undefined && file !== undefined) {
    const head = { ...(await placeOf(session)), when: context.world.now(), options: { match, keep } }
    const plan = planOf(found.groups(), head)
    await savePlan(file, plan)
    await context.note(`The plan is in ${visible(file)}; nothing was deleted.`)
    if (review) return reviewPlan(context, session, file, plan)
  }

  const groups = [...found.groups()]
  await context.print(report({ groups: groups.map(groupDocument) }, rowsOf(groups), columns))
  const customers = `among ${count(found.customers, 'customer')}`
  if (found.size === 0) return context.note(`No duplicates ${customers}.`)
  await context.note(`${count(found.size, 'group')} ${customers}.`)
  await context.note(nextStep(context, session, options))
}

function checkReview(context: Context, { plan }: Options): void {
  if (plan === undefined) throw new CliError('usage', '--review needs --plan FILE to save the decisions in')
  if (!context.canAsk)
    throw new CliError('usage', '--review needs a terminal', { hint: 'edit the plan instead: --plan FILE' })
}

/** Finds duplicates in an export, or in the whole account. */
async function findIn(
  context: Context,
  session: Session | undefined,
  options: Options,
  filters: ReturnType<typeof filtersOf>,
): Promise<Duplicates> {
  const { match, keep, from } = options
  const rules = {
    match,
    keep,
    keyMode: session?.key.mode,
    onRead: context.counting(from === undefined ? 'reading the account' : 'reading the export'),
    onCompare: (customers: number) => context.status({ what: `comparing ${count(customers, 'customer')}` }),
    async pause() {
      await context.world.pause()
      context.signal.throwIfAborted()
    },
  }
  if (session === undefined || from !== undefined) {
    const customers = readCustomers(await context.input(from ?? '-'), (note) => context.note(note))
    return findDuplicates(customers, rules)
  }
  const listing = listCustomers(session.client, {
    ...filters,
    limit: Number.POSITIVE_INFINITY,
    onScanned: rules.onRead,
  })
  const found = await findDuplicates(listing.records, rules)
  await noteRepeated(context, listing.repeated())
  return found
}

/** The command that decides, or deletes, with the flags that reach the same account. */
function nextStep(
  context: Context,
  session: Session | undefined,
  { plan, match, from, keep }: Options,
): string {
  const flags = session === undefined ? '' : accountFlags(context, session)
  if (plan !== undefined) return `delete: orafi customers delete --plan ${visible(shellWord(plan))}${flags}`
  const chosen = [
    ...(match === 'alias' ? [] : [` --match ${match}`]),
    ...(keep === 'most-spent' ? [] : [` --keep ${keep}`]),
    ...(from === undefined ? [] : [` --from ${visible(shellWord(from))}`]),
  ]
  return `decide: orafi customers duplicates${chosen.join('')} --plan plan.json --review${flags}`
}

/** In a pipe, the first, the decision and the last column are what scripts rely on. */
const columns: readonly Column[] = [
  { key: 'group', title: '', align: 'right', where: 'others' },
  { key: 'heading', title: '', where: 'table', line: 'above' },
  { key: 'decision', title: '', where: 'others' },
  { key: 'shownDecision', title: '', label: 'decision', where: 'table' },
  ...planColumns,
  { key: 'why', title: '', where: 'others' },
  { key: 'because', title: '', where: 'table', line: 'below' },
]

function* rowsOf(groups: readonly Group[]): Generator<Record<string, string>> {
  for (const [index, { why, keep, twins }] of groups.entries()) {
    const group = String(index + 1)
    const heading = `Group ${group}: ${why}`
    yield { group, heading, decision: 'keep', shownDecision: 'keep', ...planCells(keep), why: '' }
    for (const { customer, evidence, decision, reasons } of twins) {
      const shownDecision = decision === 'delete' ? 'DELETE' : decision
      const because = [...(evidence.why === why ? [] : [evidence.why]), ...reasons].join('; ')
      const whole = [evidence.why, ...reasons].join('; ')
      yield { group, heading, decision, shownDecision, ...planCells(customer), why: whole, because }
    }
  }
}
