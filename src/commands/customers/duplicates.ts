import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { Customer } from '../../api/customer.ts'
import type { Context, Run } from '../../context.ts'
import { count } from '../../count.ts'
import { listCustomers } from '../../customers/listing.ts'
import { type KeepRule, keepRules } from '../../duplicates/decide.ts'
import { certainties, type Level, levels, usualCertainty } from '../../duplicates/evidence.ts'
import { type Duplicates, type FindOptions, findDuplicates } from '../../duplicates/find.ts'
import { type Group, groupDocument } from '../../duplicates/groups.ts'
import { planOf } from '../../duplicates/plan-make.ts'
import { CliError } from '../../errors.ts'
import { readCustomers } from '../../files/customers.ts'
import { type Column, report } from '../../output/result.ts'
import type { Session } from '../../session.ts'
import { shellWord } from '../../shell-word.ts'
import { visible } from '../../visible.ts'
import { accountFlags } from '../summary.ts'
import { addFilters, type Filters, filtersOf, noteRepeated } from './filters.ts'
import { checkPlanFile, openPlan, placeOf, planCells, planColumns, savePlan } from './plan.ts'
import { reviewPlan } from './review.ts'
import { certaintyText, waterfall } from './waterfall.ts'

interface Options extends Filters {
  readonly match: Level
  readonly keep: KeepRule
  readonly certainty?: number | undefined
  readonly from?: string | undefined
  readonly plan?: string | undefined
  readonly review?: true | undefined
  readonly force?: true | undefined
}

/** `orafi customers duplicates` */
export function define(command: Command, run: Run): void {
  addFilters(
    command
      .addOption(
        new Option(
          '--match <level>',
          'exact: same e-mail; alias: same mailbox; likely: similar e-mail, probably one person',
        )
          .choices(levels)
          .default('alias' as const),
      )
      .addOption(certaintyOption('with --match likely: how probable it must be that two are one person'))
      .addOption(keepOption('which customer in each group to keep')),
  )
    .option('--from <file>', 'read an export (.ndjson, .json, .csv) instead of the account')
    .option('--plan <file>', 'write the decisions to a file, to review and apply')
    .option('--review', 'with --plan: decide group by group on the terminal; continues where you left off')
    .option('--force', 'overwrite the --plan file')
    .action(run(duplicates))
}

/** A probability such as 0.95; not `95%`, `.95` or `9.5e-1`. */
function certainty(text: string): number {
  const { least, most } = certainties
  const number = /^0\.\d{1,9}$/.test(text) ? Number(text) : 0
  if (number >= least && number <= most) return number
  throw new InvalidArgumentError(`Expected a probability from ${least} to ${most}, such as 0.95.`)
}

/** How certain it has to be that two customers are one person. */
export function certaintyOption(description: string) {
  return new Option('--certainty <probability>', `${description} (default: ${usualCertainty})`).argParser(
    certainty,
  )
}

/** Which customer to keep. */
export function keepOption(description: string) {
  return new Option('--keep <rule>', description).choices(keepRules).default('most-spent' as const)
}

async function duplicates(context: Context, options: Options): Promise<void> {
  const { from, plan: file, review, force = false, match, keep, certainty = usualCertainty } = options
  if (options.certainty !== undefined && match !== 'likely') throw certaintyNotUsed(match)
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
  const groups = await groupsIn(found, context)
  if (session !== undefined && file !== undefined) {
    const head = {
      ...(await placeOf(session)),
      when: context.world.now(),
      options: { match, keep, certainty },
      frequencies: found.frequencies,
    }
    const plan = planOf(groups, head)
    await savePlan(file, plan)
    await context.note(`The plan is in ${visible(file)}; nothing was deleted.`)
    if (review) return reviewPlan(context, session, file, plan)
  }

  const document = {
    // Read only with --json.
    get groups() {
      return groups.map(groupDocument)
    },
  }
  const rows = context.tabular ? await drawnRows(groups, context) : rowsOf(groups, context)
  await context.print(report(document, rows, columns))
  const customers = `among ${count(found.customers, 'customer')}`
  if (found.size === 0) return context.note(`No duplicates ${customers}.`)
  await context.note(`${count(found.size, 'group')} ${customers}.`)
  await context.note(nextStep(context, session, options))
}

function certaintyNotUsed(match: Level): CliError {
  return new CliError('usage', `--certainty is for --match likely, not for ${match}`, {
    hint: 'add --match likely, or leave out --certainty',
  })
}

function checkReview(context: Context, { plan }: Options): void {
  if (plan === undefined) throw new CliError('usage', '--review needs --plan FILE to save the decisions in')
  if (!context.canAsk)
    throw new CliError('usage', '--review needs a terminal', { hint: 'edit the plan instead: --plan FILE' })
}

/**
 * Finds duplicates in an export, or in the whole account.
 * @param session undefined for an export without a plan, which needs no key
 * @param onCustomer called for each customer
 */
export async function findIn(
  context: Context,
  session: Session | undefined,
  options: Pick<FindOptions, 'match' | 'keep' | 'certainty' | 'countNames'> & Pick<Options, 'from'>,
  filters: ReturnType<typeof filtersOf>,
  onCustomer?: (customer: Customer) => void,
): Promise<Duplicates> {
  const { match, keep, certainty, countNames, from } = options
  const rules = {
    match,
    keep,
    certainty,
    countNames,
    onCustomer,
    keyMode: session?.key.mode,
    onRead: context.counting(from === undefined ? 'reading the account' : 'reading the export'),
    onCompare: (customers: number) => context.status({ what: `comparing ${count(customers, 'customer')}` }),
    pause: () => pauseIn(context),
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

const groupsBetween = 100

/** All groups. Pauses in between: those of a million customers take over 10 seconds, in which Ctrl-C would do nothing. */
async function groupsIn(found: Duplicates, context: Context): Promise<Group[]> {
  const groups: Group[] = []
  for (const group of found.groups()) {
    groups.push(group)
    if (groups.length % groupsBetween === 0) await pauseIn(context)
  }
  return groups
}

const rowsBetween = 1000

/** The rows of a table. Pauses in between: the evidence of 50,000 customers in one mailbox takes seconds. */
async function drawnRows(groups: readonly Group[], context: Context): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = []
  for (const row of rowsOf(groups, context)) {
    rows.push(row)
    if (rows.length % rowsBetween === 0) await pauseIn(context)
  }
  return rows
}

/** Lets other work run; throws if the command was interrupted. */
async function pauseIn({ world, signal }: Context): Promise<void> {
  await world.pause()
  signal.throwIfAborted()
}

/** The command that decides, or deletes, with the flags that reach the same account. */
function nextStep(
  context: Context,
  session: Session | undefined,
  { plan, match, certainty, from, keep }: Options,
): string {
  const flags = session === undefined ? '' : accountFlags(context, session)
  if (plan !== undefined) return `delete: orafi customers delete --plan ${visible(shellWord(plan))}${flags}`
  const chosen = [
    ...(match === 'alias' ? [] : [` --match ${match}`]),
    ...(certainty === undefined ? [] : [` --certainty ${certainty}`]),
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
  { key: 'evidence', title: '', where: 'table', line: 'below' },
  { key: 'because', title: '', where: 'table', line: 'below' },
]

function* rowsOf(groups: readonly Group[], { tabular, plain }: Context): Generator<Record<string, string>> {
  for (const [index, { level, why, keep, twins }] of groups.entries()) {
    const group = String(index + 1)
    // Only tables show how certain it is, and it takes longer than the rest.
    const probabilities = tabular ? twins.map(({ evidence }) => evidence.probability) : []
    const heading = `Group ${group} (${certaintyText(level, probabilities)}): ${why}`
    yield { group, heading, decision: 'keep', shownDecision: 'keep', ...planCells(keep), why: '' }
    for (const { customer, evidence, decision, reasons } of twins) {
      const shownDecision = decision === 'delete' ? 'DELETE' : decision
      const because = [...(evidence.why === why ? [] : [evidence.why]), ...reasons].join('; ')
      const whole = [evidence.why, ...reasons].join('; ')
      const shown = { decision, shownDecision, evidence: tabular ? waterfall(evidence, plain) : '', because }
      yield { group, heading, ...shown, ...planCells(customer), why: whole }
    }
  }
}
