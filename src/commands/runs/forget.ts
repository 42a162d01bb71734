import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { Context, Run } from '../../context.ts'
import { type Moment, parseAge } from '../../customers/moments.ts'
import { checkId } from '../../customers/validation.ts'
import { CliError } from '../../errors.ts'
import { type Forgettable, findForgettable, forgetRun, removeLeftCopies } from '../../journal/forget.ts'
import { type Column, report } from '../../output/result.ts'
import { guide } from '../../reference/guide.ts'
import { visible } from '../../visible.ts'
import { checkConfirmable } from '../confirm.ts'
import { collected, deletionOptions, repeatable } from '../options.ts'

interface Options {
  readonly olderThan?: Moment | undefined
  readonly customer?: readonly string[] | undefined
  readonly yes?: true | undefined
}

const columns: readonly Column[] = [
  { key: 'run', title: 'RUN' },
  { key: 'erased', title: 'ERASED', align: 'right' },
]

/** `orafi runs forget RUN | --older-than 90d | --customer ID` */
export function define(command: Command, run: Run): void {
  command
    .description('Permanently erase personal data from the journal. Ids and outcomes stay.')
    .argument('[run]', 'the run whose data to erase')
    .addOption(
      new Option('--older-than <age>', 'erase the data of all runs older than this: 90d, 12w, 1y').argParser(
        age,
      ),
    )
    .addOption(
      repeatable(
        new Option(
          '--customer <id>',
          'erase this customer, by id or e-mail, from all runs, including ids that an undo created; may be repeated',
        ).argParser(collected),
      ),
    )
    .addOption(deletionOptions.yes())
    .action(run(forget))
  guide(command, {
    exits: [[3, 'there is no such run, or the customer is not in the journal'], 7],
    notes:
      'A forgotten run cannot be undone. Plans and exports are not touched. Journal files are rewritten; the file system decides when to overwrite the freed blocks.',
    examples: [
      'orafi runs forget 20261124-081535-k3f9',
      'orafi runs forget --older-than 90d --yes',
      'orafi runs forget --customer cmjr4c7qq0000v8hozkzz4em5',
      'orafi runs forget --customer mekus@orafi.app',
    ],
  })
}

async function forget(context: Context, run: string | undefined, options: Options): Promise<void> {
  const ways = [run, options.olderThan, options.customer].filter((way) => way !== undefined)
  if (ways.length !== 1) {
    throw new CliError('usage', 'specify exactly one of RUN, --older-than and --customer')
  }
  const customers = options.customer ?? []
  for (const customer of customers) checkId(customer)
  const { owner, now } = context.world
  const folder = join((await context.folders()).state, 'runs')
  const before = options.olderThan?.at(now())
  await removeLeftCopies(folder, { owner, now })
  context.status({ what: 'reading the journal' })
  const found = await findForgettable(folder, { run, before, customers }, owner)
  const running = found.running.map(({ run }) => run).join(', ')
  if (run !== undefined && running !== '') throw stillRunning(running)
  if (run !== undefined && found.damaged[0]) throw found.damaged[0]
  const total = found.runs.reduce((sum, { records }) => sum + records, 0)
  if (total > 0) await confirm(context, found.runs, total, options)
  context.status({ what: 'erasing personal data' })
  const { erased, failure } = await eraseAll(context, folder, found)
  const sum = erased.reduce((all, one) => all + one.erased, 0)
  const rows = erased.map((one) => ({ run: one.run, erased: String(one.erased) }))
  const summary =
    sum === 0
      ? found.damaged.length === 0
        ? 'there is no personal data left to erase'
        : `nothing was erased: ${plural(found.damaged.length, 'run')} in ${visible(folder)} cannot be read`
      : `${plural(sum, 'record')} permanently erased in ${plural(erased.length, 'run')}, in ${visible(folder)}`
  await context.printChange(report({ runs: erased, erased: sum }, rows, columns), {
    summary: [summary],
    ids: { Erased: erased.filter((one) => one.erased > 0).map(({ run }) => run) },
    changed: sum > 0,
  })
  if (failure !== undefined) throw failure
  if (running !== '') throw stillRunning(running)
  for (const { message } of found.damaged.slice(1)) await context.warn(`warning: ${message}`)
  if (found.damaged[0]) throw found.damaged[0]
}

async function eraseAll(
  { world: { owner, now } }: Context,
  folder: string,
  { runs, whose }: Forgettable,
): Promise<{ erased: { run: string; erased: number }[]; failure?: unknown }> {
  const erased: { run: string; erased: number }[] = []
  try {
    for (const { run } of runs)
      erased.push({ run, erased: await forgetRun({ folder, run, whose, owner, now }) })
    return { erased }
  } catch (failure) {
    // What was erased before the failure cannot be restored, so it is still reported.
    return { erased, failure }
  }
}

async function confirm(
  context: Context,
  runs: Forgettable['runs'],
  total: number,
  options: Options,
): Promise<void> {
  const what = `the personal data of ${plural(total, 'record')} in ${plural(runs.length, 'run')}`
  checkConfirmable(context, options, `erasing ${what}`)
  if (options.yes) return
  for (const { run, command, identity, records } of runs.slice(0, 20)) {
    await context.warn(`  ${run}  ${command}  ${plural(records, 'record')}  ${visible(identity)}`)
  }
  if (runs.length > 20) await context.warn(`  and ${runs.length - 20} more`)
  const prompts = await context.prompts()
  if (!(await prompts.confirm(`Permanently erase ${what}? These runs cannot be undone afterwards.`))) {
    throw new CliError('declined', 'nothing was erased')
  }
}

function stillRunning(runs: string): CliError {
  return new CliError('local_error', `nothing was erased from runs in progress: ${runs}`, {
    hint: 'wait until they finish, then run the same command again',
  })
}

function plural(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}

function age(text: string): Moment {
  const parsed = parseAge(text)
  if (parsed !== undefined) return parsed
  const unclear = /^\d+ ?m$/i.test(text) ? 'Months are written 6mo. ' : ''
  throw new InvalidArgumentError(`${unclear}Expected days, weeks or years, such as 90d, 12w or 1y.`)
}
